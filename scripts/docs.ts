/**
 * npm run docs [-- --check]
 *
 * Writes what is made of tables in the sources: docs/errors.md of the codes in packages/core, docs/test-network.md of the
 * services and endpoints in packages/testserver, docs/widgets.md of the elements' docstrings. With --check it only says
 * whether they are up to date.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { errorReference } from "./error-reference.ts";
import { testNetworkReference } from "./test-network-reference.ts";
import { widgetReference } from "./widget-reference.ts";

const references = {
  "errors.md": { text: errorReference(), from: "the tables of codes in packages/core/src" },
  "test-network.md": { text: testNetworkReference(), from: "the services and endpoints in packages/testserver/src" },
  "widgets.md": { text: widgetReference(), from: "the docstrings in packages/widgets/src" },
};
const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

for (const [name, { text, from }] of Object.entries(references)) {
  const path = join(dirname(import.meta.dirname), "docs", name);
  if (!values.check) writeFileSync(path, text);
  else if (readFileSync(path, "utf8") !== text) {
    console.error(`docs/${name} does not say what ${from} say; run: npm run docs`);
    process.exitCode = 1;
  }
}
