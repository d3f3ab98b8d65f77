/**
 * npm run docs [-- --check]
 *
 * Writes docs/errors.md from the tables in packages/core; with --check it only says whether the file is up to date.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { errorReference } from "./error-reference.ts";

const path = join(dirname(import.meta.dirname), "docs", "errors.md");
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

if (!values.check) writeFileSync(path, errorReference());
else if (readFileSync(path, "utf8") !== errorReference()) {
  console.error("docs/errors.md does not say what the tables of codes in packages/core/src say; run: npm run docs");
  process.exitCode = 1;
}
