import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Batch, CollectionChanges, RecordChange } from "../../src/change-queue.ts";
import { buffersOf, packBatch, unpackBatch } from "../../src/sqlite/packed-batch.ts";

const time = fc.integer({ min: -8.64e15, max: 8.64e15 });
const stored = {
  value: fc.uint8Array({ maxLength: 20 }),
  expiresAt: fc.option(time, { nil: undefined }),
  writtenAt: time,
};
const options = { noNullPrototype: true };
const change: fc.Arbitrary<RecordChange> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant("put" as const), ...stored }, options) },
  fc.record({ type: fc.constant("put" as const), ...stored, replaces: fc.string() }, options),
  fc.record({ type: fc.constant("delete" as const) }, options),
  fc.record({ type: fc.constant("evict" as const), only: fc.option(time, { nil: undefined }) }, options),
);
const entries = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<[string, Value][]> =>
  fc.array(fc.tuple(fc.string(), value), { maxLength: 12 });
const changes: fc.Arbitrary<CollectionChanges> = fc.record(
  {
    clear: fc.boolean(),
    purgeAt: fc.option(time, { nil: undefined }),
    records: entries(change).map((list) => new Map(list)),
    trimTo: fc.option(fc.nat(), { nil: undefined }),
    requires: fc.record({ name: fc.string(), value: fc.option(fc.uint8Array(), { nil: undefined }) }, options),
  },
  { ...options, requiredKeys: ["clear", "purgeAt", "records", "trimTo"] },
);

test("a batch is the same once it was packed and posted, and the one that was packed still is, too", () => {
  fc.assert(
    fc.property(entries(changes), (list) => {
      const batch: Batch = new Map(list);
      const before = structuredClone(batch);
      const packed = packBatch(batch);
      const posted = structuredClone(packed, { transfer: buffersOf(packed) });
      assert.deepEqual(plain(unpackBatch(posted)), plain(before));
      assert.deepEqual(batch, before);
    }),
  );
});

/** With bytes as lists: a view of a larger buffer is none the less the same. */
function plain(batch: Batch): unknown {
  return Array.from(batch, ([name, { records, ...rest }]) => [
    name,
    rest,
    Array.from(records, ([key, one]) => [key, one.type === "put" ? { ...one, value: [...one.value] } : one]),
  ]);
}
