import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { packRecord, packedSize, peekTimes, unpackRecord } from "../../../src/redis/protocol/record-form.ts";

const record = fc.record(
  {
    value: fc.uint8Array({ maxLength: 50 }),
    expiresAt: fc.option(fc.integer({ min: -8.64e15, max: 8.64e15 }), { nil: undefined }),
    writtenAt: fc.integer({ min: 0, max: 8.64e15 }),
  },
  { noNullPrototype: true },
);

describe("a packed record", () => {
  it("is unpacked to what it was, under its name alone", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), record, (name, other, written) => {
        const packed = packRecord(name, written);
        assert.deepEqual(unpackRecord(name, packed), written);
        assert.deepEqual(peekTimes(packed), { expiresAt: written.expiresAt, writtenAt: written.writtenAt });
        assert.equal(packedSize(packed), written.value.length);
        // Two names in 2^32 have the same checksum.
        if (other !== name) assert.equal(unpackRecord(other, packed), undefined);
      }),
    );
  });

  it("is nothing once a byte of it is another", () => {
    fc.assert(
      fc.property(record, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, at, change) => {
        const packed = packRecord("a", written);
        const index = at % packed.length;
        packed[index] = (packed[index] ?? 0) ^ change;
        assert.equal(unpackRecord("a", packed), undefined);
      }),
    );
  });

  it("is nothing, or a record, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        unpackRecord("a", bytes);
        peekTimes(bytes);
        assert.ok(packedSize(bytes) >= 0);
      }),
    );
  });
});
