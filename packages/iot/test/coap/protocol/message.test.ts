import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  type CoapCode,
  type CoapFlaw,
  type CoapMessage,
  coapTypes,
  kindOfCoapCode,
  readCoapMessage,
  readOptions,
  writeCoapMessage,
  writeOption,
} from "@fairlead/iot/coap/protocol";

const none = new Uint8Array(0);

function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** RFC 7252 appendix A: the figures that show bytes. */
const figures: readonly (readonly [name: string, bytes: string, message: CoapMessage])[] = [
  [
    "figure 16: a confirmable GET of /temperature",
    "40 01 7d34 bb 74656d7065726174757265",
    {
      ...{ type: "confirmable", code: "0.01", messageId: 0x7d34, token: none },
      options: [writeOption("uriPath", "temperature")],
      payload: none,
    },
  ],
  [
    "figure 16: its piggybacked response",
    "60 45 7d34 ff 32322e332043",
    { type: "acknowledgement", code: "2.05", messageId: 0x7d34, token: none, options: [], payload: utf8("22.3 C") },
  ],
  [
    "figure 17: a confirmable GET with a token",
    "41 01 7d35 20 bb 74656d7065726174757265",
    {
      ...{ type: "confirmable", code: "0.01", messageId: 0x7d35, token: hex("20") },
      options: [writeOption("uriPath", "temperature")],
      payload: none,
    },
  ],
  [
    "figure 17: its piggybacked response",
    "61 45 7d35 20 ff 32322e332043",
    {
      ...{ type: "acknowledgement", code: "2.05", messageId: 0x7d35, token: hex("20"), options: [] },
      payload: utf8("22.3 C"),
    },
  ],
  [
    "figure 20: an acknowledgement without content",
    "60 00 7d38",
    { type: "acknowledgement", code: "0.00", messageId: 0x7d38, token: none, options: [], payload: none },
  ],
];

describe("CoAP messages", () => {
  for (const [name, bytes, message] of figures) {
    test(`are those of RFC 7252 appendix A, ${name}`, () => {
      assert.deepEqual(plain(readCoapMessage(hex(bytes))), { type: "message", message: plain(message) });
      assert.deepEqual(writeCoapMessage(message), hex(bytes));
    });
  }

  test("have deltas and lengths of one, two and three bytes at their borders (RFC 7252 section 3.1)", () => {
    const borders = [0, 12, 13, 268, 269, 65_535];
    for (const number of borders) {
      for (const length of [0, 12, 13, 268, 269, 65_804]) {
        const message = messageWith([{ number, value: new Uint8Array(length).fill(7) }]);
        const written = writeCoapMessage(message);
        const extra = (value: number): number => (value < 13 ? 0 : value < 269 ? 1 : 2);
        assert.equal(written.length, 5 + extra(number) + extra(length) + length);
        assert.deepEqual(plain(readCoapMessage(written)), { type: "message", message: plain(message) });
      }
    }
  });

  test("are written with their options by number, and those of one number in their order", () => {
    const options = [writeOption("uriQuery", "b"), writeOption("uriPath", "x"), writeOption("uriQuery", "a")];
    const reading = readCoapMessage(writeCoapMessage(messageWith(options)));
    assert.ok(reading.type === "message");
    assert.deepEqual(
      reading.message.options.map(({ number }) => number),
      [11, 15, 15],
    );
    assert.deepEqual(readOptions(reading.message, "uriQuery"), ["b", "a"]);
  });

  const refused: readonly (readonly [bytes: string, flaw: CoapFlaw, why: string])[] = [
    ["", "header-truncated", "nothing"],
    ["40 01 7d", "header-truncated", "three bytes"],
    ["49 01 7d34 010203040506070809", "token-length-reserved", "a token of 9 bytes"],
    ["4f 01 7d34", "token-length-reserved", "a token of 15 bytes"],
    ["44 01 7d34 010203", "token-truncated", "3 bytes of a token of 4"],
    ["40 00 7d34 ff", "empty-with-content", "a ping with a byte behind it"],
    ["41 00 7d34", "empty-with-content", "a ping that announces a token"],
    ["40 20 7d34", "code-class-reserved", "class 1"],
    ["40 c0 7d34", "code-class-reserved", "class 6"],
    ["40 e1 7d34", "code-class-reserved", "class 7, which is of CoAP over TCP"],
    ["70 45 7d34", "type-unfit-for-code", "a reset with a response"],
    ["50 00 7d34", "type-unfit-for-code", "an empty message that is not confirmable"],
    ["60 01 7d34", "type-unfit-for-code", "an acknowledgement with a request"],
    ["40 01 7d34 f0", "option-delta-reserved", "a delta of 15 with a length of 0"],
    ["40 01 7d34 fe 0000", "option-delta-reserved", "a delta of 15 with a length of 14"],
    ["40 01 7d34 bf", "option-length-reserved", "a length of 15"],
    ["40 01 7d34 d0", "option-truncated", "a delta that wants a byte more"],
    ["40 01 7d34 e0 00", "option-truncated", "a delta that wants two bytes more"],
    ["40 01 7d34 0d", "option-truncated", "a length that wants a byte more"],
    ["40 01 7d34 0e 00", "option-truncated", "a length that wants two bytes more"],
    ["40 01 7d34 b5 74656d70", "option-truncated", "4 bytes of an option of 5"],
    ["40 01 7d34 e0 ffff", "option-number-too-large", "a delta of 65804"],
    ["40 01 7d34 e0 fef2 10", "option-number-too-large", "65535 and one more"],
    ["40 01 7d34 ff", "payload-missing", "a payload marker at the end"],
  ];
  for (const [bytes, flaw, why] of refused) {
    test(`are not ${why}: ${flaw}`, () => {
      const reading = readCoapMessage(hex(bytes));
      assert.ok(reading.type === "malformed");
      assert.equal(reading.flaw, flaw);
      assert.equal(reading.header?.messageId, flaw === "header-truncated" ? undefined : 0x7d34);
    });
  }

  test("of another version are told apart, whatever follows (RFC 7252 section 3)", () => {
    for (const version of [0, 2, 3]) {
      assert.deepEqual(readCoapMessage(Uint8Array.of(version << 6, 0xff, 0, 0)), { type: "other-version", version });
    }
  });

  test("are refused by the writer where they have no form", () => {
    const message = messageWith([]);
    const wrong: readonly Partial<CoapMessage>[] = [
      { messageId: -1 },
      { messageId: 65_536 },
      { messageId: 0.5 },
      { token: new Uint8Array(9) },
      { code: "2.32" },
      { code: "8.00" },
      { code: "2.5" },
      { options: [{ number: 65_536, value: none }] },
      { options: [{ number: -1, value: none }] },
      { options: [{ number: 1, value: new Uint8Array(65_805) }] },
    ];
    for (const part of wrong) assert.throws(() => writeCoapMessage({ ...message, ...part }), RangeError);
  });

  test("come back as they were written (property)", () => {
    fc.assert(
      fc.property(messages, (message) => {
        assert.deepEqual(plain(readCoapMessage(writeCoapMessage(message))), {
          type: "message",
          message: plain(message),
        });
      }),
    );
  });

  test("are read from any bytes without an exception, and are written as the bytes that they came as (property)", () => {
    const tail = fc.uint8Array({ maxLength: 40 });
    const datagrams = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .tuple(fc.constantFrom(0x40, 0x44, 0x51, 0x60), fc.constantFrom(1, 0x45, 0), tail)
        .map(([first, code, rest]) => Uint8Array.of(first, code, 0, 1, ...rest)),
    );
    fc.assert(
      fc.property(datagrams, (bytes) => {
        const reading = readCoapMessage(bytes);
        if (reading.type !== "message") return;
        assert.deepEqual(writeCoapMessage(reading.message), bytes);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("extended tokens (RFC 8974 section 2.1)", () => {
  for (const [length, head] of [
    [8, "48 01 0001"],
    [12, "4c 01 0001"],
    [13, "4d 01 0001 00"],
    [268, "4d 01 0001 ff"],
    [269, "4e 01 0001 0000"],
    [65_804, "4e 01 0001 ffff"],
  ] as const) {
    test(`of ${length} bytes come back where they are taken`, () => {
      const message = { ...messageWith([]), token: new Uint8Array(length).fill(7), payload: utf8("x") };
      const bytes = writeCoapMessage(message, 65_804);
      assert.deepEqual(bytes.subarray(0, hex(head).length), hex(head));
      const reading = readCoapMessage(bytes, 65_804);
      assert.deepEqual(plain(reading), { type: "message", message: plain(message) });
      if (length > 8) assert.equal(flawOf(bytes, length - 1), length > 9 ? "token-too-long" : "token-length-reserved");
      if (length > 8) assert.equal(flawOf(bytes, 8), "token-length-reserved");
    });
  }

  test("are refused where they are cut, or have the length that is reserved", () => {
    const token = { ...messageWith([]), token: new Uint8Array(300) };
    const bytes = writeCoapMessage(token, 300);
    for (let end = 4; end < bytes.length; end += 1)
      assert.equal(flawOf(bytes.subarray(0, end), 300), "token-truncated");
    assert.equal(flawOf(hex("4f 01 0001 000000"), 65_804), "token-length-reserved");
    assert.throws(() => writeCoapMessage({ ...token, token: new Uint8Array(65_805) }, 70_000), RangeError);
  });

  test("are read from any bytes without an exception (property)", () => {
    const head = fc.constantFrom(0x4d, 0x4e, 0x4c, 0x4f, 0x5d);
    fc.assert(
      fc.property(
        head,
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 0, max: 65_804 }),
        (first, rest, longest) => {
          const bytes = Uint8Array.of(first, 1, 0, 1, ...rest);
          const reading = readCoapMessage(bytes, longest);
          if (reading.type === "message") assert.deepEqual(writeCoapMessage(reading.message, 65_804), bytes);
        },
      ),
    );
  });
});

function flawOf(bytes: Uint8Array, longestToken: number): CoapFlaw | undefined {
  const reading = readCoapMessage(bytes, longestToken);
  return reading.type === "malformed" ? reading.flaw : undefined;
}

function messageWith(options: CoapMessage["options"]): CoapMessage {
  return { type: "confirmable", code: "0.01", messageId: 1, token: none, options, payload: none };
}

/** With bytes as lists: a view and a copy of it are the same then. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, each: unknown) => (each instanceof Uint8Array ? [...each] : each)));
}

const codes = fc
  .tuple(fc.constantFrom(0, 2, 3, 4, 5), fc.integer({ min: 1, max: 31 }))
  .map(([major, minor]): CoapCode => `${major}.${String(minor).padStart(2, "0")}` as CoapCode);

const messages: fc.Arbitrary<CoapMessage> = fc
  .record({
    type: fc.constantFrom(...coapTypes),
    code: codes,
    messageId: fc.integer({ min: 0, max: 65_535 }),
    token: fc.uint8Array({ maxLength: 8 }),
    options: fc
      .array(
        fc.record({
          number: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 65_535 })),
          value: fc.uint8Array({ maxLength: 300 }),
        }),
        { maxLength: 6 },
      )
      .map((options) => options.toSorted((one, other) => one.number - other.number)),
    payload: fc.uint8Array({ maxLength: 20 }),
  })
  .filter(({ type, code }) => type !== "reset" && !(type === "acknowledgement" && kindOfCoapCode(code) === "request"))
  .filter(({ code }) => kindOfCoapCode(code) !== "reserved");
