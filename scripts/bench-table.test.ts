import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { benchTable, replaceTable } from "./bench-table.ts";
import { root } from "./workspace-packages.ts";

const table = benchTable([
  {
    name: "requests",
    claims: [
      { what: "time of one", value: 0.9, unit: "ratio", limit: 1, holds: true },
      { what: "time of ten", value: 12, unit: "ms", limit: 10, holds: false },
      { what: "rate of one", value: 1.3, unit: "ratio", limit: 1.2, bound: "at least", holds: true },
      { what: "a fact", value: 2, unit: "ratio", holds: true },
    ],
    details: {},
  },
]);

test("the table has a line for each claim, shows those that do not hold, and expects nothing of a fact", () => {
  assert.deepEqual(table.split("\n").slice(2), [
    "| [requests](requests.ts) | time of one | 0.9 ratio | at most 1 | yes |",
    "| [requests](requests.ts) | time of ten | 12 ms | at most 10 | **no** |",
    "| [requests](requests.ts) | rate of one | 1.3 ratio | at least 1.2 | yes |",
    "| [requests](requests.ts) | a fact | 2 ratio | | |",
  ]);
});

test("the table takes its place in bench/README.md, as often as it is made", () => {
  const readme = readFileSync(join(root, "bench", "README.md"), "utf8");
  const once = replaceTable(readme, table);
  assert(once.includes(table));
  assert.equal(replaceTable(once, table), once);
  assert.throws(() => replaceTable("# No markers", table), /lost its markers/);
});
