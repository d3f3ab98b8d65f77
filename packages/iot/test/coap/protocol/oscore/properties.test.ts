import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { coapOptions, type CoapOption } from "@fairlead/iot/coap/protocol";
import fc from "fast-check";
import { nodeOscoreCryptography as cryptography } from "../../../../src/coap/oscore/node-cryptography.ts";
import { readOscoreOption, writeOscoreOption } from "../../../../src/coap/protocol/oscore/oscore-option.ts";
import { maxSequenceNumber, readPartialIv, writePartialIv } from "../../../../src/coap/protocol/oscore/partial-iv.ts";
import { readPlaintext, writePlaintext } from "../../../../src/coap/protocol/oscore/plaintext.ts";
import {
  protectRequest,
  readOscoreHeader,
  unprotectRequest,
} from "../../../../src/coap/protocol/oscore/protect-message.ts";
import {
  emptyReplayWindow,
  markSequenceNumber,
  replayWindowFrom,
  type ReplayWindow,
} from "../../../../src/coap/protocol/oscore/replay-window.ts";
import { deriveOscoreKeys } from "../../../../src/coap/protocol/oscore/security-context.ts";

const masterSecret = Uint8Array.from({ length: 16 }, (_, at) => at);
const [one, two] = [Uint8Array.of(1), Uint8Array.of(2)];
const sender = deriveOscoreKeys(cryptography, { masterSecret, senderId: one, recipientId: two });
const recipient = deriveOscoreKeys(cryptography, { masterSecret, senderId: two, recipientId: one });
const bytes = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });

const plain = { noNullPrototype: true };

describe("the OSCORE option (RFC 8613 section 6.1)", () => {
  test("is written as the bytes that it was read from, whatever bytes come", () => {
    fc.assert(
      fc.property(bytes(20), (value) => {
        const header = readOscoreOption(value);
        if (header !== undefined) assert.deepEqual(writeOscoreOption(header), value);
      }),
    );
  });

  test("is read as it was written", () => {
    const header = fc.record(
      {
        partialIv: fc.option(fc.integer({ min: 0, max: maxSequenceNumber }).map(writePartialIv), { nil: undefined }),
        keyId: fc.option(bytes(7), { nil: undefined }),
        idContext: fc.option(bytes(64), { nil: undefined }),
      },
      plain,
    );
    fc.assert(fc.property(header, (value) => assert.deepEqual(readOscoreOption(writeOscoreOption(value)), value)));
  });
});

describe("a partial IV (RFC 8613 section 5)", () => {
  test("is the sequence number in as few bytes as it takes, one for 0", () => {
    assert.deepEqual(writePartialIv(0), Uint8Array.of(0));
    assert.deepEqual(writePartialIv(256), Uint8Array.of(1, 0));
    assert.deepEqual(writePartialIv(maxSequenceNumber), new Uint8Array(5).fill(255));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: maxSequenceNumber }), (number) => {
        assert.equal(readPartialIv(writePartialIv(number)), number);
      }),
    );
  });

  for (const number of [-1, 2 ** 40, 0.5, Number.NaN]) {
    test(`is refused for ${number}`, () => {
      assert.throws(() => writePartialIv(number), RangeError);
    });
  }
});

describe("the replay window (RFC 8613 section 7.4)", () => {
  test("takes each number once, and none that is 32 below the highest", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 200 }), (numbers) => {
        let window: ReplayWindow = emptyReplayWindow;
        const seen = new Set<number>();
        for (const number of numbers) {
          const highest = Math.max(-1, ...seen);
          const marked = markSequenceNumber(window, number);
          assert.equal(marked !== undefined, !seen.has(number) && number > highest - 32, `${number} with ${highest}`);
          if (marked === undefined) continue;
          seen.add(number);
          window = marked;
        }
      }),
    );
  });

  test("holds at the end of the numbers", () => {
    const window = markSequenceNumber(emptyReplayWindow, maxSequenceNumber);
    assert.ok(window !== undefined);
    assert.equal(markSequenceNumber(window, maxSequenceNumber), undefined);
    assert.ok(markSequenceNumber(window, maxSequenceNumber - 31) !== undefined);
    assert.equal(markSequenceNumber(window, maxSequenceNumber - 32), undefined);
  });

  test("that begins at a number takes nothing at or below it", () => {
    const window = replayWindowFrom(100);
    for (let number = 0; number <= 100; number += 1) assert.equal(markSequenceNumber(window, number), undefined);
    assert.ok(markSequenceNumber(window, 101) !== undefined);
  });
});

describe("a protected message", () => {
  const option: fc.Arbitrary<CoapOption> = fc.record(
    {
      number: fc.integer({ min: 0, max: 2_000 }).filter((number) => !([9, 35] as number[]).includes(number)),
      value: bytes(12),
    },
    plain,
  );
  const request = fc.record(
    {
      code: fc.constantFrom("0.01", "0.02", "0.05", "0.07"),
      options: fc.array(option, { maxLength: 6 }).map((options) => options.sort((a, b) => a.number - b.number)),
      payload: bytes(40),
    },
    plain,
  );

  test("comes out as it went in, with every option in its place", () => {
    fc.assert(
      fc.property(request, fc.integer({ min: 0, max: maxSequenceNumber }), (message, number) => {
        const { message: outer } = protectRequest(cryptography, sender, number, message);
        const reading = readOscoreHeader(outer);
        assert.ok(reading.type === "header");
        const { keyId, partialIv } = reading.header;
        assert.ok(keyId !== undefined && partialIv !== undefined);
        const verified = unprotectRequest(cryptography, recipient, { keyId, partialIv }, outer);
        assert.ok(verified.type === "message");
        assert.deepEqual(verified.message, message);
      }),
    );
  });

  test("is not verified when any single bit of option or payload is another", () => {
    const { message } = protectRequest(cryptography, sender, 300, {
      ...{ code: "0.03", options: [{ number: coapOptions.uriPath.number, value: Uint8Array.of(97) }] },
      payload: Uint8Array.of(1, 2, 3),
    });
    const [option] = message.options;
    assert.ok(option !== undefined);
    const whole = [...option.value, ...message.payload];
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const changed = Uint8Array.from(whole, (byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      const value = changed.subarray(0, option.value.length);
      const payload = changed.subarray(option.value.length);
      const reading = readOscoreHeader({ ...message, options: [{ ...option, value }], payload });
      if (reading.type !== "header") continue;
      const { keyId, partialIv } = reading.header;
      if (keyId === undefined || partialIv === undefined) continue;
      const verified = unprotectRequest(cryptography, recipient, { keyId, partialIv }, { ...message, payload });
      assert.equal(verified.type, "not-verified", `bit ${bit}`);
    }
  });

  test("is no message when what was encrypted is none, or protected once more", () => {
    const seal = (plaintext: Uint8Array): ReturnType<typeof unprotectRequest> => {
      const binding = { keyId: one, partialIv: Uint8Array.of(5) };
      const sealing = {
        ...cryptography,
        seal: (key: Uint8Array, nonce: Uint8Array, data: Uint8Array) => cryptography.seal(key, nonce, data, plaintext),
      };
      const { message } = protectRequest(sealing, sender, 5, { code: "0.01", options: [], payload: Uint8Array.of() });
      return unprotectRequest(cryptography, recipient, binding, message);
    };
    // A class that is reserved; an option without its value; a payload marker without payload; OSCORE within OSCORE.
    for (const plaintext of [[0xe1], [0x01, 0xb4], [0x01, 0xff], [0x01, 0x90]]) {
      assert.equal(seal(Uint8Array.from(plaintext)).type, "no-message");
    }
  });

  test("has a plaintext that is read without an exception, whatever bytes come", () => {
    fc.assert(
      fc.property(bytes(40), (value) => {
        const plaintext = readPlaintext(value);
        if (plaintext !== undefined) assert.deepEqual(readPlaintext(writePlaintext(plaintext)), plaintext);
      }),
    );
  });
});
