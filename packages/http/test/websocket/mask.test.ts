import assert from "node:assert/strict";
import { test } from "node:test";
import { applyMask, copyMasked } from "@fairlead/http/websocket";
import fc from "fast-check";

const SEED = 20_261_121;
const key = fc.uint8Array({ minLength: 4, maxLength: 4 });
const payload = fc.uint8Array({ maxLength: 200, size: "max" });

test("RFC 6455 section 5.3: octet i is masked by octet i modulo 4 of the key, wherever it lies", () => {
  fc.assert(
    fc.property(payload, key, fc.nat(9), fc.nat(9), (octets, key, offset, phase) => {
      const around = new Uint8Array(offset + octets.length + 5).fill(7);
      // A view that begins anywhere in its buffer, as chunks of a socket do.
      const view = around.subarray(1);
      view.set(octets, offset);
      applyMask(view, offset, offset + octets.length, key, phase);
      assert.deepEqual(view.slice(offset, offset + octets.length), naively(octets, key, phase));
      assert.ok(
        [...view].every((octet, index) => (index >= offset && index < offset + octets.length) || octet === 7),
        "nothing beside it changes",
      );
    }),
    { numRuns: 2_000, seed: SEED },
  );
});

test("a masked copy leaves what it is made of, and masking twice is none", () => {
  fc.assert(
    fc.property(payload, key, (octets, key) => {
      const before = octets.slice();
      const copy = new Uint8Array(octets.length);
      copyMasked(octets, 0, octets.length, copy, key);
      assert.deepEqual(octets, before);
      assert.deepEqual(copy, naively(octets, key, 0));
      applyMask(copy, 0, copy.length, key, 0);
      assert.deepEqual(copy, before);
    }),
    { numRuns: 1_000, seed: SEED },
  );
});

function naively(octets: Uint8Array, key: Uint8Array, phase: number): Uint8Array {
  return octets.map((octet, index) => octet ^ (key[(index + phase) % 4] ?? 0));
}
