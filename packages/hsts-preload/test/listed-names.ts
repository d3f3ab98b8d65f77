import { existsSync, readFileSync } from "node:fs";
import { openPreloadList } from "@fairlead/hsts-preload";

/** What the shipped file was made of; not everybody has it. */
const source = new URL("../../../../shared/data/hsts-preload.json", import.meta.url);

/** All names that are listed with their flags: by the file's source where it is at hand, by the decoder otherwise. */
export function listedNames(): ReadonlyMap<string, boolean> {
  if (existsSync(source)) return new Map(JSON.parse(readFileSync(source, "utf8")) as [string, boolean][]);
  return new Map([...openPreloadList().entries()].map(([host, { includeSubDomains }]) => [host, includeSubDomains]));
}
