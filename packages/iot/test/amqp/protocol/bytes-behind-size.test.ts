import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { amqpSizeBytes, bytesBehindAmqpSize } from "../../../src/amqp/protocol/bytes-behind-size.ts";
import { StreamGauge } from "../../../src/messaging/protocol/stream-gauge.ts";

const header = Buffer.from("AMQP\x03\x01\x00\x00");

function frame(sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes, 0xff);
  bytes.writeUInt32BE(sizeBytes);
  return bytes;
}

const gaugeOf = (limitBytes: number): StreamGauge => new StreamGauge(bytesBehindAmqpSize, limitBytes - amqpSizeBytes);

describe("a gauge of AMQP 1.0 frames", () => {
  const within = Buffer.concat([header, frame(8), frame(1_000), header, frame(999), frame(8)]);

  test("lets pass what is within bounds, whole and byte by byte", () => {
    assert.equal(gaugeOf(1_000).take(within), true);
    const gauge = gaugeOf(1_000);
    assert.ok([...within].every((byte) => gauge.take(Uint8Array.of(byte))));
  });

  test("tells a frame that is too large by the last byte of its size", () => {
    for (const size of [1_001, 2 ** 31, 2 ** 32 - 1]) {
      const begun = Buffer.alloc(4);
      begun.writeUInt32BE(size);
      assert.equal(gaugeOf(1_000).take(Buffer.concat([within, begun])), false);
      const gauge = gaugeOf(1_000);
      assert.equal(gauge.take(Buffer.concat([within, begun.subarray(0, 3)])), true);
      assert.equal(gauge.take(begun.subarray(3)), false);
    }
  });
});
