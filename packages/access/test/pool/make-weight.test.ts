import assert from "node:assert/strict";
import { test } from "node:test";
import { lastWeight, makeWeight } from "../../src/pool/make-weight.ts";

const SLOT_BYTES = 8;

test("a large read weighs half of its size in the heap, a small one nothing, and none is more than a young object", () => {
  makeWeight(new Uint8Array(16_384));
  const made = lastWeight();
  assert.equal(made.length * SLOT_BYTES, 8_192);
  makeWeight(new Uint8Array(100));
  assert.equal(lastWeight(), made);
  makeWeight(new Uint8Array(10_000_000));
  assert.equal(lastWeight().length * SLOT_BYTES, 65_536);
});
