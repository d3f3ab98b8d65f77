import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually, skipWithoutBrowser } from "@fairlead/conformance/browser";
import type { Page } from "playwright-core";
import { openGallery, type OpenGallery } from "./gallery.ts";

const section = "fairlead-certificate-picker";

describe("<fairlead-certificate-picker>", { skip: skipWithoutBrowser() }, () => {
  let gallery: OpenGallery;

  before(async () => {
    gallery = await openGallery();
  });

  after(async () => {
    await gallery[Symbol.asyncDispose]();
  });

  test("sends what was chosen by the keyboard, once, and nothing that was not chosen", async () => {
    await using shown = await gallery.show({ section, state: "several" });
    const { page } = shown;
    const picked = await listen(page);
    const send = page.getByRole("button", { name: "Send this certificate" });
    await eventually(() => page.getByRole("radio", { checked: true }).count(), 0);
    await eventually(() => send.isDisabled(), true);
    await page.getByRole("radio").first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.deepEqual(await picked(), [], "Enter sends nothing");
    await page.getByRole("checkbox").check();
    await send.dblclick();
    await eventually(async () => (await picked()).length, 1);
    const [only, ...more] = await picked();
    assert.deepEqual(more, []);
    assert.deepEqual(
      { ...only, fingerprint: only?.["fingerprint"]?.slice(0, 8) },
      { type: "identity", fingerprint: "9e8d7c6b", remember: true },
    );
    assert.deepEqual(shown.problems, []);
  });

  test("has the only certificate chosen, and goes on without one or not at all when that is wanted", async () => {
    for (const [name, expected] of [
      ["Go on without", { type: "none", remember: false }],
      ["Cancel", { type: "cancel" }],
    ] as const) {
      await using shown = await gallery.show({ section, state: "only" });
      const picked = await listen(shown.page);
      await eventually(() => shown.page.getByRole("radio", { checked: true }).count(), 1);
      await shown.page.getByRole("button", { name }).click();
      await eventually(() => picked(), [expected]);
    }
  });

  test("does not keep chosen what the filter takes out of sight", async () => {
    await using shown = await gallery.show({ section, state: "many" });
    const { page } = shown;
    await eventually(() => page.getByRole("radio").count(), 50);
    await page.getByRole("searchbox").fill("crane-177");
    await page.getByRole("radio").check();
    await eventually(() => page.getByRole("status").textContent(), "1 certificate");
    await page.getByRole("searchbox").fill("crane-12");
    await eventually(() => page.getByRole("radio", { checked: true }).count(), 0);
    await eventually(() => page.getByRole("button", { name: "Send this certificate" }).isDisabled(), true);
  });
});

type Picked = Readonly<Record<string, string>>;

async function listen(page: Page): Promise<() => Promise<readonly Picked[]>> {
  await page.evaluate(() => {
    const all: unknown[] = [];
    Object.assign(window, { picked: all });
    document.body.addEventListener("fairlead-certificate-pick", ({ picked }) => {
      all.push(picked);
    });
  });
  return () => page.evaluate(() => (window as unknown as { picked: readonly Picked[] }).picked);
}
