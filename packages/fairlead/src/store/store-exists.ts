import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Whether opening this store would find one. Of a URL that cannot be read the store itself is to say what is wrong. */
export function storeExists(url: string): boolean {
  const path = /^(?:file|sqlite):(.+)$/is.exec(url)?.[1];
  if (path === undefined) return true;
  try {
    return existsSync(path.startsWith("//") ? fileURLToPath(`file:${path}`) : path);
  } catch {
    return true;
  }
}
