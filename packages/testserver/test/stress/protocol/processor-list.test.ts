import assert from "node:assert/strict";
import { test } from "node:test";
import { parseProcessorList } from "../../../src/stress/protocol/processor-list.ts";

test("a list of processors is read as Linux writes it", () => {
  assert.deepEqual(parseProcessorList("0\n"), [0]);
  assert.deepEqual(parseProcessorList("0-2,8,10-11"), [0, 1, 2, 8, 10, 11]);
  for (const text of ["", "a", "1-", "-1", "1,,2", "5-3", "0-99999"]) {
    assert.equal(parseProcessorList(text), undefined, text);
  }
});
