import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cobs, type FrameReading, type Framing, lengthPrefix } from "@fairlead/transport/framed";
import fc from "fast-check";
import { stuff, unstuff } from "../../src/framed/protocol/cobs.ts";
import { crc16 } from "../../src/framed/protocol/crc16.ts";

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));
const run = (from: number, to: number): Uint8Array => Uint8Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe("COBS", () => {
  // The examples that the algorithm's articles give.
  const examples: readonly (readonly [message: Uint8Array, stuffed: Uint8Array])[] = [
    [hex(""), hex("01")],
    [hex("00"), hex("01 01")],
    [hex("00 00"), hex("01 01 01")],
    [hex("00 11 00"), hex("01 02 11 01")],
    [hex("11 22 00 33"), hex("03 11 22 02 33")],
    [hex("11 22 33 44"), hex("05 11 22 33 44")],
    [hex("11 00 00 00"), hex("02 11 01 01 01")],
    [run(0x01, 0xfe), Uint8Array.of(0xff, ...run(0x01, 0xfe))],
    [Uint8Array.of(0, ...run(0x01, 0xfe)), Uint8Array.of(0x01, 0xff, ...run(0x01, 0xfe))],
    [run(0x01, 0xff), Uint8Array.of(0xff, ...run(0x01, 0xfe), 0x02, 0xff)],
    [Uint8Array.of(...run(0x02, 0xff), 0), Uint8Array.of(0xff, ...run(0x02, 0xff), 0x01, 0x01)],
    [Uint8Array.of(...run(0x03, 0xff), 0, 1), Uint8Array.of(0xfe, ...run(0x03, 0xff), 0x02, 0x01)],
  ];
  for (const [index, [message, stuffed]] of examples.entries()) {
    test(`has no zero in it, and is undone (${String(index + 1)})`, () => {
      assert.deepEqual(stuff(message), stuffed);
      assert.deepEqual(unstuff(stuffed), message);
    });
  }

  test("of whatever bytes is undone", () => {
    const zeroes = fc.uint8Array({ maxLength: 700, max: 1 });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 700 }), zeroes), (message) => {
        const stuffed = stuff(message);
        assert.equal(stuffed.includes(0), false);
        assert.deepEqual(unstuff(stuffed), new Uint8Array(message));
      }),
    );
  });

  test("that cannot be is refused: a code beyond the end, nothing at all, a zero", () => {
    for (const wrong of ["05 11 22", "", "03 11 00", "00"]) assert.equal(unstuff(hex(wrong)), undefined, wrong);
  });
});

test("CRC-16/XMODEM has its check value", () => {
  assert.equal(crc16(new TextEncoder().encode("123456789")), 0x31c3);
});

for (const [name, framing] of Object.entries({ cobs, lengthPrefix })) {
  describe(`messages framed by ${name}`, () => {
    test("are found whatever pieces they come in", () => {
      const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });
      fc.assert(
        fc.property(messages, fc.infiniteStream(fc.integer({ min: 1, max: 90 })), (sent, sizes) => {
          const bytes = Buffer.concat(sent.map((message) => framing.write(message)));
          const expected = sent.map((message) => ({ type: "message", bytes: new Uint8Array(message) }) as const);
          assert.deepEqual(readAll(framing, bytes, 300, sizes), expected);
        }),
      );
    });

    test("that are too long are told, and what came before them is whole", () => {
      const bytes = Buffer.concat([
        framing.write(hex("0102")),
        framing.write(new Uint8Array(500)),
        framing.write(hex("03")),
      ]);
      const readings = readAll(framing, bytes, 16, [7].values());
      const types = readings.map(({ type }) => type);
      assert.deepEqual(types, framing.recovers ? ["message", "too-long", "message"] : ["message", "too-long"]);
    });

    test("are never more than was sent of them, whatever comes", () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 600 }), (noise) => {
          for (const reading of readAll(framing, noise, 64, [13].values())) {
            assert.ok(reading.type !== "message" || reading.bytes.length <= 64);
          }
        }),
      );
    });
  });
}

test("a message that a line garbled is dropped, and the next one is whole", () => {
  const bytes = Buffer.concat([cobs.write(hex("aabbccdd")), cobs.write(hex("1122"))]);
  bytes[2] = (bytes[2] ?? 0) ^ 0x10;
  assert.deepEqual(readAll(cobs, bytes, 64, [3].values()), [
    { type: "broken" },
    { type: "message", bytes: hex("1122") },
  ]);
  // Somebody who begins to listen in the middle.
  assert.deepEqual(readAll(cobs, bytes.subarray(4), 64, [3].values()).at(-1), { type: "message", bytes: hex("1122") });
});

function readAll(framing: Framing, bytes: Uint8Array, limit: number, sizes: Iterator<number>): readonly FrameReading[] {
  const reader = framing.reader(limit);
  const readings: FrameReading[] = [];
  for (let at = 0, size = 1; at < bytes.length; at += size) {
    const next = sizes.next();
    if (next.done !== true) size = next.value;
    readings.push(...reader.read(bytes.subarray(at, at + size)));
  }
  return readings;
}
