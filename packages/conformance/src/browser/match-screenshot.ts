import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { compareImages } from "./compare-images.ts";

/** How far a picture may be from the one that is kept. */
export interface ScreenshotOptions {
  /** Pixels that may differ in a square of 32 × 32: 20 unless told, which is half of a small icon. */
  readonly tolerance?: number;
  /** Where the pictures go when they differ. */
  readonly failures?: string;
}

/**
 * Compares what a page or a part of it looks like with the picture that is kept in a file. The same fonts are needed, so
 * pages under test name theirs. With `UPDATE_SCREENSHOTS=1` in the environment the file is written instead.
 *
 * @throws assert.AssertionError where there is no such file, or its picture has another size or looks otherwise: what was
 * seen and where it differs are written to `.work/screenshots` then.
 */
export async function matchScreenshot(
  shown: Page | Locator,
  file: string,
  { tolerance = 20, failures = join(".work", "screenshots") }: ScreenshotOptions = {},
): Promise<void> {
  const actual = await shown.screenshot({ animations: "disabled", scale: "css" });
  if (process.env["UPDATE_SCREENSHOTS"] === "1") {
    await mkdir(dirname(file), { recursive: true });
    // One that looks the same stays as it is: an update changes the files that it has to.
    const kept = await readFile(file).catch(() => undefined);
    const same = kept !== undefined && compareImages(kept, actual);
    if (same === false || same.type === "sizes" || same.count > 0) await writeFile(file, actual);
    return;
  }
  const update = "UPDATE_SCREENSHOTS=1 writes it anew";
  const expected = await readFile(file).catch(() => assert.fail(`there is no ${file}: ${update}`));
  const found = compareImages(expected, actual);
  const name = join(failures, basename(file, ".png"));
  if (found.type === "pixels" && found.densest <= tolerance) {
    await Promise.all([rm(`${name}-actual.png`, { force: true }), rm(`${name}-difference.png`, { force: true })]);
    return;
  }
  await mkdir(failures, { recursive: true });
  await writeFile(`${name}-actual.png`, actual);
  if (found.type === "sizes")
    assert.fail(`${file} is ${found.expected}, what is shown ${found.actual} (${name}-actual.png); ${update}`);
  await writeFile(`${name}-difference.png`, found.difference);
  assert.fail(
    `${file} differs in ${found.count} pixels, ${found.densest} of them in one place (${name}-difference.png); ${update}`,
  );
}
