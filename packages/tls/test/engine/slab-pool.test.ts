import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { slabPool } from "../../src/engine/index.ts";

describe("a pool of slabs", () => {
  test("lends again what was given back, whole or in part, and only once", () => {
    const pool = slabPool();
    const lent = pool.lend(100_000);
    assert.ok(lent.length >= 100_000);
    pool.giveBack(lent.subarray(0, 10));
    pool.giveBack(lent.subarray(0, 10));
    assert.equal(pool.lend(100_000).buffer, lent.buffer);
    assert.notEqual(pool.lend(100_000).buffer, lent.buffer);
  });

  test("never lends the memory that small buffers of Node.js share", () => {
    const pool = slabPool();
    const shared = Buffer.from("small");
    pool.giveBack(shared);
    for (const size of [1, shared.buffer.byteLength]) assert.notEqual(pool.lend(size).buffer, shared.buffer);
  });

  test("takes what another has no use for, when that is all of its memory", () => {
    const pool = slabPool();
    const given = Buffer.allocUnsafeSlow(65_536);
    pool.giveBack(given.subarray(0, 60_000));
    assert.notEqual(pool.lend(65_536).buffer, given.buffer);
    pool.giveBack(given);
    assert.equal(pool.lend(65_536).buffer, given.buffer);
  });

  test("gives away for good, so that a part is not lent to another", () => {
    const pool = slabPool();
    const given = pool.take(65_536);
    assert.equal(given.length, 65_536);
    pool.giveBack(given.subarray(0, 60_000));
    assert.notEqual(pool.lend(65_536).buffer, given.buffer);
  });

  test("keeps a bounded number", () => {
    const pool = slabPool();
    const lent = Array.from({ length: 20 }, () => pool.lend(1));
    lent.forEach((each) => pool.giveBack(each));
    const known = new Set(lent.map((each) => each.buffer));
    const again = Array.from({ length: 20 }, () => pool.lend(1));
    assert.equal(again.filter((each) => known.has(each.buffer)).length, 8);
  });

  test("lends more than its largest slab as it is asked for", () => {
    const pool = slabPool();
    assert.equal(pool.lend(1_000_000).length, 1_000_000);
  });
});
