import assert from "node:assert/strict";
import { isUtf8 } from "node:buffer";
import { test } from "node:test";
import { PLAIN_PLATFORM, Utf8Check } from "@fairlead/http/websocket";
import fc from "fast-check";

const SEED = 20_261_121;

/** Octets at which the rule changes its mind. */
const octet = fc.constantFrom(
  ...[0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee],
  ...[0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff],
);
const character = fc.constantFrom("a", "é", "€", "\ud7ff", "\ue000", "\ufffd", "😀", "\u{10ffff}");

test("RFC 3629 section 4: the first octet that no text can have there is where it says no", () => {
  fc.assert(
    fc.property(fc.string({ unit: character, maxLength: 4 }), fc.array(octet, { maxLength: 6 }), (text, octets) => {
      const bytes = Buffer.concat([Buffer.from(text), Buffer.from(octets)]);
      const check = new Utf8Check(PLAIN_PLATFORM);
      for (let length = 1; length <= bytes.length; length += 1) {
        const goesOn = check.take(bytes, length - 1, length);
        assert.equal(goesOn, canBecomeText(bytes.subarray(0, length)), bytes.toString("hex"));
        if (!goesOn) return;
        assert.equal(check.isWhole, isUtf8(bytes.subarray(0, length)), bytes.toString("hex"));
      }
    }),
    { numRuns: 5_000, seed: SEED },
  );
});

test("however a long text is cut, it says what a check of the whole says", () => {
  const text = fc.string({ unit: character, minLength: 20, maxLength: 80 });
  fc.assert(
    fc.property(text, fc.array(octet, { maxLength: 2 }), fc.nat(), fc.array(fc.nat(), { maxLength: 5 }), (...given) => {
      const [text, octets, where, cuts] = given;
      const clean = Buffer.from(text);
      const at = where % (clean.length + 1);
      const bytes = Buffer.concat([clean.subarray(0, at), Buffer.from(octets), clean.subarray(at)]);
      const positions = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
      const check = new Utf8Check(PLAIN_PLATFORM);
      const isGood = positions.every((end, index) => check.take(bytes, positions[index - 1] ?? 0, end));
      assert.equal(isGood && check.isWhole, isUtf8(bytes), bytes.toString("hex"));
    }),
    { numRuns: 5_000, seed: SEED },
  );
});

/** Whether up to three octets could make it whole, by trying those at which the rule changes its mind. */
function canBecomeText(bytes: Buffer): boolean {
  const next = [0x80, 0x90, 0xa0, 0xbf];
  const endings = [
    [],
    ...next.map((a) => [a]),
    ...next.flatMap((a) => next.map((b) => [a, b])),
    ...next.flatMap((a) => next.flatMap((b) => next.map((c) => [a, b, c]))),
  ];
  return endings.some((ending) => isUtf8(Buffer.concat([bytes, Buffer.from(ending)])));
}
