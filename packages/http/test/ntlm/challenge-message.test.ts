import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseChallengeMessage } from "@fairlead/http/ntlm";
import { challengeOf, hex, pair } from "./hashes.ts";

const timestamp = hex("0090d336b734c301");
const good = challengeOf([pair(2, Buffer.from("DOMAIN", "utf16le")), pair(7, timestamp)]);

function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(good);
  change(bytes);
  return bytes;
}

describe("a challenge message", () => {
  test("tells challenge, facts and time", () => {
    const message = parseChallengeMessage(good);
    assert.deepEqual(Buffer.from(message?.serverChallenge ?? []), hex("0123456789abcdef"));
    assert.deepEqual(
      message?.targetInfo.map(({ id }) => id),
      [2, 7],
    );
    assert.deepEqual(Buffer.from(message.timestamp ?? []), timestamp);
  });

  test("may be short where it says nothing of the server", () => {
    const message = parseChallengeMessage(changed((bytes) => bytes.writeUInt32LE(0x201, 20)).subarray(0, 32));
    assert.deepEqual(message?.targetInfo, []);
    assert.equal(message.timestamp, undefined);
  });

  test("may lie within other bytes", () => {
    const within = Buffer.concat([Buffer.from("before"), good, Buffer.from("after")]);
    assert.deepEqual(parseChallengeMessage(within.subarray(6, 6 + good.length)), parseChallengeMessage(good));
  });
});

describe("what is no challenge message that can be answered is refused", () => {
  const refused: Readonly<Record<string, Buffer>> = {
    nothing: Buffer.alloc(0),
    "one without its last byte": good.subarray(0, -1),
    "a head that is cut off": good.subarray(0, 47),
    "another signature": changed((bytes) => bytes.write("NTLMSSQ", "latin1")),
    "the client's own message": changed((bytes) => bytes.writeUInt32LE(1, 8)),
    "one that speaks OEM only": changed((bytes) => bytes.writeUInt32LE(0x02_80_02_02, 20)),
    "facts behind the end": changed((bytes) => bytes.writeUInt32LE(good.length, 44)),
    "facts at the end of numbers": changed((bytes) => bytes.writeUInt32LE(0xffff_ffff, 44)),
    "facts that do not end": changed((bytes) => bytes.writeUInt16LE(good.readUInt16LE(40) - 4, 40)),
    "a fact longer than all": changed((bytes) => bytes.writeUInt16LE(0xffff, 58)),
    "a timestamp of four bytes": challengeOf([pair(7, Buffer.alloc(4))]),
    "more facts than there are": challengeOf(Array.from({ length: 40 }, () => pair(3, Buffer.alloc(0)))),
    "20 KiB": Buffer.concat([good, Buffer.alloc(20_000)]),
  };
  for (const [name, bytes] of Object.entries(refused)) {
    test(name, () => {
      assert.equal(parseChallengeMessage(bytes), undefined);
    });
  }
});

test("whatever arrives, nothing is thrown and nothing lies outside the message", () => {
  const damaged = fc
    .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 6 })
    .map((changes) => changed((bytes) => changes.forEach(([at, value]) => bytes.writeUInt8(value, at))));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), (bytes) => {
      const message = parseChallengeMessage(bytes);
      const length = message?.targetInfo.reduce((sum, { value }) => sum + value.length + 4, 0) ?? 0;
      assert.ok(length <= bytes.length);
    }),
    { numRuns: 2_000 },
  );
});
