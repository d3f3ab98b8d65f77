import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { MqttPacketReader, readMqttText } from "../../../../src/services/devices/mqtt/protocol/read-packets.ts";

const ping = Uint8Array.of(0xc0, 0);
const publish = Uint8Array.of(0x32, 6, 0, 1, 97, 0, 1, 122);

describe("packets of MQTT", () => {
  test("are cut from a stream, whole or byte by byte", () => {
    const stream = Uint8Array.of(...ping, ...publish, ...ping);
    const whole = new MqttPacketReader(100).read(stream);
    const reader = new MqttPacketReader(100);
    const single = [...stream].flatMap((byte) => reader.read(Uint8Array.of(byte)));
    for (const packets of [whole, single]) {
      assert.deepEqual(
        packets.map(({ type, flags, bytes }) => [type, flags, bytes.length]),
        [
          [12, 0, 2],
          [3, 2, 8],
          [12, 0, 2],
        ],
      );
    }
  });

  test("have a length of four bytes at most, and no more than the limit; what follows is not read", () => {
    const long = new MqttPacketReader(1000);
    assert.deepEqual(long.read(Uint8Array.of(0x30, 0x80, 0x80, 0x80, 0x80, 1)), []);
    assert.equal(long.flaw, "length-malformed");
    const large = new MqttPacketReader(1000);
    assert.equal(large.read(Uint8Array.of(...ping, 0x30, 0xe7, 0x07)).length, 1);
    assert.equal(large.flaw, "packet-too-large");
    assert.deepEqual(large.read(ping), []);
    const fits = new MqttPacketReader(1000);
    assert.equal(fits.read(Uint8Array.of(0x30, 0xe5, 0x07, ...new Uint8Array(997))).length, 1);
    assert.equal(fits.flaw, undefined);
  });

  test("are the same packets whatever the pieces, from any bytes (property)", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (bytes, step) => {
        const whole = new MqttPacketReader(40);
        const pieces = new MqttPacketReader(40);
        const expected = whole.read(bytes).map((packet) => [...packet.bytes]);
        const got: number[][] = [];
        for (let at = 0; at < bytes.length; at += step) {
          got.push(...pieces.read(bytes.subarray(at, at + step)).map((packet) => [...packet.bytes]));
        }
        assert.deepEqual(got, expected);
        assert.equal(pieces.flaw, whole.flaw);
      }),
    );
  });

  test("have texts behind their length", () => {
    assert.equal(readMqttText(Uint8Array.of(0, 1, 97), 0), "a");
    assert.equal(readMqttText(Uint8Array.of(0, 2, 97), 0), undefined);
  });
});
