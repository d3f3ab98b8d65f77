import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { StreamGauge } from "../../../src/messaging/protocol/stream-gauge.ts";
import { bytesBehindMqttHeader } from "../../../src/mqtt/protocol/bytes-behind-header.ts";

/** MQTT 5.0 section 1.5.5: seven bits a byte, the lowest first. */
function packet(length: number): Uint8Array {
  const header = [0x30];
  let left = length;
  do {
    header.push((left % 128) | (left >= 128 ? 0x80 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Uint8Array.from([...header, ...new Uint8Array(length).fill(0xff)]);
}

function inBounds(limit: number, bytes: Uint8Array, pieceBytes = bytes.length): boolean {
  const gauge = new StreamGauge(bytesBehindMqttHeader, limit);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    if (!gauge.take(bytes.subarray(at, at + pieceBytes))) return false;
  }
  return true;
}

test("packets up to the limit pass, whole or byte by byte", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 9 }),
      (lengths, piece) => {
        const bytes = Buffer.concat(lengths.map(packet));
        assert.equal(inBounds(300, bytes), true);
        assert.equal(inBounds(300, bytes, piece), true);
        const longest = Math.max(0, ...lengths);
        if (longest > 0) assert.equal(inBounds(longest - 1, bytes, piece), false);
      },
    ),
  );
});

test("MQTT 5.0 section 2.1.4: a length that is too long is told at the header, before its bytes", () => {
  const gauge = new StreamGauge(bytesBehindMqttHeader, 16_384);
  assert.equal(gauge.take(Uint8Array.of(0x30, 0x81, 0x80)), true, "the length may still be within bounds");
  assert.equal(gauge.take(Uint8Array.of(0x01)), false);
});

test("five bytes of length are refused, also where they say little", () => {
  assert.equal(inBounds(2 ** 28 - 1, Uint8Array.of(0x30, 0x80, 0x80, 0x80, 0x00)), true);
  assert.equal(inBounds(2 ** 28 - 1, Uint8Array.of(0x30, 0x80, 0x80, 0x80, 0x80, 0x00)), false);
});
