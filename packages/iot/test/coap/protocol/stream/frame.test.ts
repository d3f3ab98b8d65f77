import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type CoapCode,
  type CoapFrameFlaw,
  CoapFrameReader,
  type CoapFrameReading,
  type CoapStreamMessage,
  readWebSocketFrame,
  writeCoapFrame,
} from "@fairlead/iot/coap/protocol";
import fc from "fast-check";

const limits = { maxMessageBytes: 100_000, maxTokenBytes: 300 };
const none = new Uint8Array(0);

function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
}

function readAll(pieces: readonly Uint8Array[], taken = limits): CoapFrameReading[] {
  const reader = new CoapFrameReader(taken);
  return pieces.flatMap((piece) => reader.read(piece));
}

function bytewise(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (byte) => Uint8Array.of(byte));
}

const messages = fc.record<CoapStreamMessage>({
  code: fc.tuple(fc.nat(7), fc.nat(31)).map(([major, minor]): CoapCode => `${major}.${pad(minor)}`),
  token: fc.oneof(fc.uint8Array({ maxLength: 14 }), fc.uint8Array({ minLength: 265, maxLength: 300, size: "max" })),
  options: fc
    .array(fc.record({ number: fc.nat(65_535), value: fc.uint8Array({ maxLength: 300 }) }), { maxLength: 5 })
    .map((options) => options.toSorted((one, other) => one.number - other.number)),
  payload: fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 255, maxLength: 300, size: "max" })),
});

function pad(minor: number): `${number}` {
  // Two digits are a number.
  return minor.toString().padStart(2, "0") as `${number}`;
}

describe("a frame on a stream (RFC 8323 section 3.2)", () => {
  const accepted: readonly [bytes: string, message: CoapStreamMessage][] = [
    // The example of the section.
    ["01 43 7f", { code: "2.03", token: hex("7f"), options: [], payload: none }],
    ["00 00", { code: "0.00", token: none, options: [], payload: none }],
    // The Ping of section 5.7.
    ["01 e2 42", { code: "7.02", token: hex("42"), options: [], payload: none }],
    [
      "50 01 b4 74 65 6d 70",
      { code: "0.01", token: none, options: [{ number: 11, value: hex("74656d70") }], payload: none },
    ],
    [`d0 00 45 ff ${"61".repeat(12)}`, { code: "2.05", token: none, options: [], payload: hex("61".repeat(12)) }],
    [`d0 ff 45 ff ${"61".repeat(267)}`, { code: "2.05", token: none, options: [], payload: hex("61".repeat(267)) }],
    [`e0 00 00 45 ff ${"61".repeat(268)}`, { code: "2.05", token: none, options: [], payload: hex("61".repeat(268)) }],
    [
      `f0 00 00 00 00 45 ff ${"61".repeat(65_804)}`,
      { code: "2.05", token: none, options: [], payload: hex("61".repeat(65_804)) },
    ],
    // RFC 8974 section 2.1.
    [`0d 01 00 ${"0a".repeat(13)}`, { code: "0.01", token: hex("0a".repeat(13)), options: [], payload: none }],
    [`0e 01 00 00 ${"0a".repeat(269)}`, { code: "0.01", token: hex("0a".repeat(269)), options: [], payload: none }],
  ];
  for (const [bytes, message] of accepted) {
    test(`is ${message.code} for ${bytes.slice(0, 24)}, whole and byte by byte, and is written so`, () => {
      assert.deepEqual(readAll([hex(bytes)]), [{ type: "message", message }]);
      assert.deepEqual(readAll(bytewise(hex(bytes))), [{ type: "message", message }]);
      assert.deepEqual(Buffer.from(writeCoapFrame(message, "stream")), Buffer.from(hex(bytes)));
    });
  }

  const refused: readonly [bytes: string, flaw: CoapFrameFlaw, why: string][] = [
    ["0f", "token-length-reserved", "a token length of 15"],
    ["f0 ff ff ff ff", "message-too-large", "4 GiB, at its head"],
    ["f0 00 01 00 00", "message-too-large", "more than is taken, at its head"],
    ["0e 01 ff ff", "token-too-long", "a token longer than is taken, at its head"],
    ["20 01 f0 00", "option-delta-reserved", "a delta of 15"],
    ["20 01 1f 00", "option-length-reserved", "an option length of 15"],
    ["20 01 15 00", "option-truncated", "an option that says to be longer than the message"],
    ["10 01 ff", "payload-missing", "a payload marker at the end"],
    ["60 01 e0 ff ff e0 ff ff", "option-number-too-large", "an option number above 65535"],
  ];
  for (const [bytes, flaw, why] of refused) {
    test(`is refused for ${why}, and nothing is read behind it`, () => {
      const pieces = [hex(bytes), hex("0000")];
      assert.deepEqual(readAll(pieces), [{ type: "malformed", flaw }]);
      assert.deepEqual(readAll(pieces.flatMap(bytewise)), [{ type: "malformed", flaw }]);
    });
  }

  test("has a token of 8 bytes at most where longer ones were not offered (RFC 8974 section 2.1)", () => {
    for (const length of ["09", "0c", "0d", "0e"]) {
      assert.deepEqual(readAll([hex(length)], { ...limits, maxTokenBytes: 8 }), [
        { type: "malformed", flaw: "token-length-reserved" },
      ]);
    }
  });

  test("counts head and token among the bytes that are taken", () => {
    const frame = writeCoapFrame(
      { code: "2.05", token: hex("01020304"), options: [], payload: new Uint8Array(50) },
      "stream",
    );
    const [enough] = readAll([frame], { ...limits, maxMessageBytes: frame.length });
    assert.equal(enough?.type, "message");
    const [tooLarge] = readAll([frame], { ...limits, maxMessageBytes: frame.length - 1 });
    assert.deepEqual(tooLarge, { type: "malformed", flaw: "message-too-large" });
  });

  test("is read as it was written, in whatever pieces it comes", () => {
    fc.assert(
      fc.property(
        fc.array(messages, { maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
        (sent, sizes) => {
          const stream = Buffer.concat(sent.map((message) => writeCoapFrame(message, "stream")));
          const pieces: Uint8Array[] = [];
          for (let at = 0, turn = 0; at < stream.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            pieces.push(stream.subarray(at, at + size));
            at += size;
          }
          const plain = readAll(pieces).map((reading) =>
            reading.type === "message" ? shown(reading.message) : reading,
          );
          assert.deepEqual(plain, sent.map(shown));
        },
      ),
      { numRuns: 200 },
    );
  });

  test("gives the same whole and in pieces, whatever bytes come, and keeps no more than a message", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (bytes, cut) => {
        const small = { maxMessageBytes: 60, maxTokenBytes: 20 };
        const whole = readAll([bytes], small);
        assert.deepEqual(readAll([bytes.subarray(0, cut), bytes.subarray(cut)], small), whole);
        assert.deepEqual(readAll(bytewise(bytes), small), whole);
        for (const [index, reading] of whole.entries()) {
          if (reading.type === "malformed") assert.equal(index, whole.length - 1);
          else assert.ok(reading.message.token.buffer.byteLength <= small.maxMessageBytes);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("has its bytes for itself: what it came in may be used again", () => {
    const chunk = Buffer.from(hex("01 43 7f"));
    const [reading] = readAll([chunk]);
    chunk.fill(0);
    assert.deepEqual(reading, {
      type: "message",
      message: { code: "2.03", token: hex("7f"), options: [], payload: none },
    });
  });
});

describe("a frame in a WebSocket's message (RFC 8323 section 4.2)", () => {
  test("is read as it was written, without a length", () => {
    fc.assert(
      fc.property(messages, (message) => {
        const frame = writeCoapFrame(message, "websocket");
        assert.equal((frame[0] ?? 0) >> 4, 0);
        const reading = readWebSocketFrame(frame, limits);
        assert.deepEqual(reading.type === "message" ? shown(reading.message) : reading, shown(message));
      }),
    );
  });

  const refused: readonly [bytes: string, flaw: CoapFrameFlaw][] = [
    ["", "message-truncated"],
    ["01", "message-truncated"],
    ["02 01 aa", "message-truncated"],
    ["10 01 60", "length-not-zero"],
    ["0f 01", "token-length-reserved"],
    ["00 01 ff", "payload-missing"],
    ["00 01 f0", "option-delta-reserved"],
  ];
  for (const [bytes, flaw] of refused) {
    test(`is refused for ${bytes === "" ? "nothing" : bytes}: ${flaw}`, () => {
      assert.deepEqual(readWebSocketFrame(hex(bytes), limits), { type: "malformed", flaw });
    });
  }

  test("is a message or a flaw, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const reading = readWebSocketFrame(bytes, { maxMessageBytes: 80, maxTokenBytes: 8 });
        if (bytes.length > 80) assert.deepEqual(reading, { type: "malformed", flaw: "message-too-large" });
        else if (reading.type === "message") assert.deepEqual(bytes[0], reading.message.token.length);
      }),
    );
  });
});

/** Plain arrays, whatever they are views of. */
function shown({ code, token, options, payload }: CoapStreamMessage): unknown {
  const values = options.map(({ number, value }) => [number, ...value]);
  return { code, token: [...token], options: values, payload: [...payload] };
}
