import { existsSync } from "node:fs";
import { pathOf } from "./store-files.ts";

/** Whether opening this store would find one. Of a URL that cannot be read the store itself is to say what is wrong. */
export function storeExists(url: string): boolean {
  const path = pathOf(url);
  return path === undefined || existsSync(path);
}
