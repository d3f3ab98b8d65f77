import { readFileSync } from "node:fs";

/** The version of this package, from its package.json; empty in a program whose modules were all joined to one file. */
export function packageVersion(): string {
  try {
    const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
    return (JSON.parse(text) as { readonly version?: string }).version ?? "";
  } catch {
    return "";
  }
}
