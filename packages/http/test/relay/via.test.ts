import assert from "node:assert/strict";
import { test } from "node:test";
import { addVia } from "@fairlead/http/relay";

const table: readonly [fields: readonly string[], version: "1.0" | "1.1" | "2", via: readonly string[]][] = [
  [["a", "1"], "1.1", ["a", "1", "via", "1.1 edge"]],
  [[], "2", ["via", "2.0 edge"]],
  [["via", "1.0 one", "a", "1"], "1.0", ["a", "1", "via", "1.0 one, 1.0 edge"]],
  [
    ["via", "1.0 one", "a", "via", "via", "1.1 two (x, y)"],
    "2",
    ["a", "via", "via", "1.0 one, 1.1 two (x, y), 2.0 edge"],
  ],
];
for (const [fields, version, expected] of table) {
  test(`${JSON.stringify(fields)} by ${version} becomes ${expected.join(": ")}, RFC 9110 section 7.6.3`, () => {
    const changed = [...fields];
    assert.equal(addVia(changed, version, "edge"), true);
    assert.deepEqual(changed, expected);
  });
}

test("who passes a message on for the ninth time goes round in a circle", () => {
  const fields: string[] = ["via", "1.1 other"];
  for (let time = 1; time <= 8; time += 1) assert.equal(addVia(fields, "1.1", "edge"), true, String(time));
  assert.equal(addVia(fields, "1.1", "edge"), false);
});
