import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { closeGap } from "../../src/pool/h2/close-gap.ts";

const HEAD = 9;

describe("the data of two frames", () => {
  test("becomes one piece when the head of the second alone is between them, and touches nothing beside", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        fc.uint8Array({ maxLength: 40 }),
        (before, one, two, after) => {
          const read = Uint8Array.from([...before, ...one, ...new Uint8Array(HEAD), ...two, ...after]);
          const first = read.subarray(before.length, before.length + one.length);
          const from = before.length + one.length + HEAD;
          assert.deepEqual(closeGap(first, read.subarray(from, from + two.length)), Uint8Array.from([...one, ...two]));
          assert.deepEqual(read.subarray(0, before.length), before);
          assert.deepEqual(read.subarray(from + two.length), after);
        },
      ),
    );
  });

  test("stays two when something else is between them, or they came with different reads", () => {
    const read = new Uint8Array(64);
    assert.equal(closeGap(read.subarray(0, 10), read.subarray(28, 40)), undefined);
    assert.equal(closeGap(read.subarray(0, 10), read.subarray(10, 20)), undefined);
    assert.equal(closeGap(read.subarray(0, 10), new Uint8Array(64).subarray(19, 30)), undefined);
  });
});
