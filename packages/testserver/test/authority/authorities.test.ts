import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Revocations } from "../../src/authority/authorities.ts";

describe("an authority's revocations", () => {
  test("are found by serial number, and listed", () => {
    const revocations = new Revocations();
    revocations.add(7n, 1000);
    assert.deepEqual([revocations.find(7n), revocations.find(8n)], [1000, undefined]);
    assert.deepEqual(revocations.list, [{ serialNumber: 7n, revokedAt: 1000 }]);
  });

  test("are the latest thousand", () => {
    const revocations = new Revocations();
    for (let number = 1n; number <= 1500n; number += 1n) revocations.add(number, 1);
    assert.equal(revocations.list.length, 1000);
    assert.deepEqual([revocations.find(500n), revocations.find(501n)], [undefined, 1]);
  });
});
