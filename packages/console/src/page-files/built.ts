import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import type { PageFiles } from "./page-files.ts";

/** Reads the page that lies beside the published package's modules, of which this is a part when they are built. */
export async function loadPageFiles(): Promise<PageFiles> {
  const folder = fileURLToPath(new URL("./page/", import.meta.url));
  const names = await readdir(folder);
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}
