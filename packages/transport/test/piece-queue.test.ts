import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PieceQueue } from "../src/piece-queue.ts";

test("what is pushed is taken, in order and to the octet", () => {
  const step = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.integer({ min: 4_000, max: 20_000 }).map((length) => new Uint8Array(length).fill(length)),
    fc.constant("take" as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new PieceQueue();
      const pushed: Uint8Array[] = [];
      const taken: Uint8Array[] = [];
      for (const piece of steps) {
        if (piece === "take") {
          const first = queue.take();
          if (first !== undefined) taken.push(first);
        } else {
          queue.push(piece);
          pushed.push(piece);
        }
      }
      const left = queue.length;
      const before = taken.reduce((sum, { length }) => sum + length, 0);
      for (let rest = queue.take(); rest !== undefined; rest = queue.take()) taken.push(rest);
      assert.equal(taken.reduce((sum, { length }) => sum + length, 0) - before, left);
      assert.ok(taken.every(({ length }) => length > 0));
      assert.deepEqual(Buffer.concat(taken), Buffer.concat(pushed));
    }),
  );
});

test("octets that come one by one are few pieces", () => {
  const queue = new PieceQueue();
  for (let count = 0; count < 65_536; count += 1) queue.push(Uint8Array.of(count));
  let pieces = 0;
  while (queue.take() !== undefined) pieces += 1;
  assert.equal(pieces, 4);
});

test("a piece is a copy, and shares its memory with no other", () => {
  const queue = new PieceQueue();
  const large = new Uint8Array(5_000);
  queue.push(large);
  queue.push(Uint8Array.of(1));
  large.fill(7);
  const [first, second] = [queue.take(), queue.take()];
  assert.equal(first?.[0], 0);
  assert.notEqual(first.buffer, second?.buffer);
});

test("clearing drops all", () => {
  const queue = new PieceQueue();
  queue.push(new Uint8Array(5_000));
  queue.push(Uint8Array.of(1));
  assert.equal(queue.clear(), 5_001);
  assert.equal(queue.take(), undefined);
});
