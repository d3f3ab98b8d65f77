/**
 * node scripts/run.mjs scripts/hsts-preload.ts LIST.json
 *
 * Makes packages/hsts-preload/data/hsts-preload.bin of a JSON array of `[host, includeSubDomains]`. The README there says where one comes from.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { sealPreloadList } from "../packages/hsts-preload/src/open-preload-list.ts";
import { encodePreloadList } from "../packages/hsts-preload/src/protocol/encode.ts";
import type { PreloadEntry } from "../packages/hsts-preload/src/protocol/format.ts";

const [source] = process.argv.slice(2);
if (source === undefined) {
  console.error("usage: node scripts/run.mjs scripts/hsts-preload.ts LIST.json");
  process.exit(1);
}
const names = listedNames(JSON.parse(readFileSync(source, "utf8")));
const file = sealPreloadList(encodePreloadList(names));
writeFileSync(new URL("../packages/hsts-preload/data/hsts-preload.bin", import.meta.url), file);
console.log(`${String(names.length)} names in ${String(file.length)} bytes`);

function listedNames(list: unknown): [host: string, entry: PreloadEntry][] {
  if (!Array.isArray(list)) throw new TypeError(`${String(source)} holds no array`);
  return list.map((pair: unknown) => {
    if (!Array.isArray(pair) || typeof pair[0] !== "string" || typeof pair[1] !== "boolean") {
      throw new TypeError(`${JSON.stringify(pair)} is no name with a flag`);
    }
    return [pair[0], { includeSubDomains: pair[1] }];
  });
}
