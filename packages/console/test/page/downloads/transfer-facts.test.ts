import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { knownTransfers } from "../../../src/page/downloads/rules/transfer-facts.ts";
import type { ShownTransfer } from "../../../src/protocol/index.ts";

const told: ShownTransfer = {
  id: 7,
  url: "https://a.example/x",
  fileName: "x",
  state: "under-way",
  receivedBytes: 10,
  totalBytes: 20,
  resumedFrom: 0,
  error: undefined,
  remedy: undefined,
};

describe("downloads that were told", () => {
  test("are the same objects for the list as long as they are the same", () => {
    const once = knownTransfers(new Map(), [told]);
    assert.equal(knownTransfers(once, [told]).get(7), once.get(7));
    assert.notEqual(knownTransfers(once, [{ ...told }]).get(7), once.get(7));
  });

  test("are begun again where there is less than before, and then alone", () => {
    const once = knownTransfers(new Map(), [told]);
    const more = knownTransfers(once, [{ ...told, receivedBytes: 15 }]);
    assert.equal(more.get(7)?.facts.restarts, 0);
    assert.equal(knownTransfers(more, [{ ...told, receivedBytes: 1 }]).get(7)?.facts.restarts, 1);
  });
});
