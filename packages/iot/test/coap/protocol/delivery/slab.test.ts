import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { Slab } from "../../../../src/coap/protocol/delivery/slab.ts";

describe("a slab", () => {
  test("gives each byte once, all of them 0, and as many as are asked for", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 100 }), (sizes) => {
        const slab = new Slab();
        const given = sizes.map((sizeBytes, index) => {
          const bytes = slab.take(sizeBytes);
          assert.equal(bytes.length, sizeBytes);
          assert.ok(bytes.every((byte) => byte === 0));
          return { bytes: bytes.fill(1 + index), fill: 1 + index };
        });
        for (const { bytes, fill } of given) assert.ok(bytes.every((byte) => byte === fill));
      }),
    );
  });

  test("takes little memory for who says little, and never more than 4 KiB at once for small messages", () => {
    const slab = new Slab();
    assert.equal(slab.take(20).buffer.byteLength, 128);
    for (let count = 0; count < 1_000; count += 1) assert.ok(slab.take(100).buffer.byteLength <= 4_096);
    assert.equal(slab.take(1_200).buffer.byteLength, 1_200);
  });
});
