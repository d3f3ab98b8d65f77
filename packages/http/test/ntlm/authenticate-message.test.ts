import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { authenticateMessage, negotiateMessage, ntlmUser } from "@fairlead/http/ntlm";
import { challengeOf, hashes, hex, pair } from "./hashes.ts";

const timestamp = hex("0090d336b734c301");
const facts = [pair(2, Buffer.from("D", "utf16le")), pair(6, hex("01000000")), pair(9, Buffer.from("not ours"))];

function messageFor(
  challenge: Buffer,
  { username = "Domain\\User", channelBinding }: { username?: string; channelBinding?: Uint8Array } = {},
): Buffer {
  const message = authenticateMessage(
    {
      negotiate: negotiateMessage(),
      challenge,
      user: ntlmUser({ username, password: "Password" }),
      host: "a.example",
      channelBinding,
      clientChallenge: hex("aaaaaaaaaaaaaaaa"),
      nowMilliseconds: 0,
    },
    hashes,
  );
  assert.ok(message);
  return Buffer.from(message);
}

/** The part that the field at this place points to. */
function part(message: Buffer, fieldAt: number): Buffer {
  const offset = message.readUInt32LE(fieldAt + 4);
  return message.subarray(offset, offset + message.readUInt16LE(fieldAt));
}

const parts = { lm: 12, nt: 20, domain: 28, user: 36, workstation: 44, sessionKey: 52 };

/** AV pairs in the response, by number. */
function pairsIn(message: Buffer): Map<number, Buffer> {
  const bytes = part(message, parts.nt).subarray(16 + 28);
  const pairs = new Map<number, Buffer>();
  for (let at = 0; bytes.readUInt16LE(at) !== 0; at += 4 + bytes.readUInt16LE(at + 2)) {
    assert.equal(pairs.has(bytes.readUInt16LE(at)), false, "none is there twice");
    pairs.set(bytes.readUInt16LE(at), bytes.subarray(at + 4, at + 4 + bytes.readUInt16LE(at + 2)));
  }
  return pairs;
}

describe("the first message", () => {
  const message = Buffer.from(negotiateMessage());

  test("has the VERSION field, and says so", () => {
    assert.equal(message.length, 40);
    assert.ok(message.readUInt32LE(12) & 0x0200_0000);
    assert.equal(message.at(-1), 15);
  });

  test("asks for neither the LM key nor OEM text, and names nobody", () => {
    assert.equal(message.readUInt32LE(12) & 0x0000_1882, 0x0000_0000);
    assert.deepEqual([message.readUInt16LE(16), message.readUInt16LE(24)], [0, 0]);
  });
});

describe("the last message", () => {
  test("names domain and user, and no workstation", () => {
    const message = messageFor(challengeOf(facts));
    assert.equal(part(message, parts.domain).toString("utf16le"), "Domain");
    assert.equal(part(message, parts.user).toString("utf16le"), "User");
    assert.deepEqual([part(message, parts.workstation).length, part(message, parts.sessionKey).length], [0, 0]);
  });

  test("sends a name with @ whole, without a domain", () => {
    const message = messageFor(challengeOf(facts), { username: "user@corp.example" });
    assert.equal(part(message, parts.domain).length, 0);
    assert.equal(part(message, parts.user).toString("utf16le"), "user@corp.example");
  });

  test("agrees to nothing that the server did not offer", () => {
    assert.equal(messageFor(challengeOf(facts, 0x0080_0201)).readUInt32LE(60), 0x0080_0201);
    assert.equal(messageFor(challengeOf(facts, 0xffff_ffff)).readUInt32LE(60), flagsOfFirst() + 0x0080_0000);
  });

  test("ties the response to the service, whatever the server says that it is", () => {
    assert.equal(
      pairsIn(messageFor(challengeOf(facts)))
        .get(9)
        ?.toString("utf16le"),
      "HTTP/a.example",
    );
  });

  test("ties the response to the TLS connection, or says that there is none", () => {
    const challenge = challengeOf(facts);
    assert.deepEqual(pairsIn(messageFor(challenge)).get(10), Buffer.alloc(16));
    const channelBinding = Buffer.alloc(32, 7);
    const bound = Buffer.concat([
      hex("00000000 00000000 00000000 00000000 35000000"),
      Buffer.from("tls-server-end-point:"),
      channelBinding,
    ]);
    assert.deepEqual(pairsIn(messageFor(challenge, { channelBinding })).get(10), hashes.md5(bound));
  });

  test("without the server's time: LMv2, no MIC, and our time", () => {
    const message = messageFor(challengeOf(facts));
    assert.equal(message.readUInt32LE(parts.lm + 4), 72);
    assert.deepEqual(part(message, parts.lm).subarray(16), hex("aaaaaaaaaaaaaaaa"));
    assert.equal(pairsIn(message).get(6)?.readUInt32LE(), 1);
    assert.equal(part(message, parts.nt).readBigUInt64LE(24), 116_444_736_000_000_000n);
  });

  test("with the server's time: a MIC over all three messages, announced, and no LM response", () => {
    const challenge = challengeOf([...facts, pair(7, timestamp)]);
    const message = messageFor(challenge);
    assert.deepEqual(part(message, parts.lm), Buffer.alloc(24));
    assert.equal(pairsIn(message).get(6)?.readUInt32LE(), 3);
    assert.deepEqual(part(message, parts.nt).subarray(24, 32), timestamp);
    const key = hashes.hmacMd5(
      hashes.hmacMd5(hex("a4f49c406510bdcab6824ee7c30fd852"), Buffer.from("USERDomain", "utf16le")),
      part(message, parts.nt).subarray(0, 16),
    );
    const withoutMic = Buffer.from(message).fill(0, 72, 88);
    const mic = hashes.hmacMd5(key, Buffer.concat([negotiateMessage(), challenge, withoutMic]));
    assert.deepEqual(message.subarray(72, 88), mic);
  });

  test("is not made for what is no challenge", () => {
    const input = {
      negotiate: negotiateMessage(),
      challenge: Buffer.from("hello"),
      user: ntlmUser({ username: "u", password: "p" }),
      host: "a.example",
      channelBinding: undefined,
      clientChallenge: Buffer.alloc(8),
      nowMilliseconds: 0,
    };
    assert.equal(authenticateMessage(input, hashes), undefined);
  });
});

function flagsOfFirst(): number {
  return Buffer.from(negotiateMessage()).readUInt32LE(12);
}
