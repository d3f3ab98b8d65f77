import { createHmac, timingSafeEqual } from "node:crypto";
import { md4 } from "@fairlead/http/ntlm";

const SIGNATURE = Buffer.from("NTLMSSP\0", "latin1");
const CHALLENGE_HEAD_BYTES = 56;
const AUTHENTICATE_HEAD_BYTES = 64;
/** Proof, and the shortest that is proved. MS-NLMP section 2.2.2.8; an NTLMv1 response has 24 bytes. */
const SHORTEST_RESPONSE_BYTES = 16 + 28;

/** Flags of the challenge: Unicode, NTLM, target of kind server, always sign, extended security, target information, 128 bits. */
const FLAGS = 0x1 | 0x4 | 0x200 | 0x8000 | 0x20000 | 0x80000 | 0x800000 | 0x20000000;

/** Which message of the conversation this is, 1 to 3; `undefined` for anything else. */
export function ntlmMessageType(message: Buffer): number | undefined {
  return message.length >= 12 && message.subarray(0, 8).equals(SIGNATURE) ? message.readUInt32LE(8) : undefined;
}

/**
 * The server's message. It tells the time, so that the client has to protect the messages by a MIC.
 *
 * @see MS-NLMP section 2.2.1.2
 */
export function ntlmChallenge(serverChallenge: Buffer, nowMilliseconds: number): Buffer {
  const name = utf16("FAIRLEAD");
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE((BigInt(Math.trunc(nowMilliseconds)) + 11_644_473_600_000n) * 10_000n);
  const info = Buffer.concat([
    ...[avPair(2, name), avPair(1, name), avPair(4, utf16("fairlead.test")), avPair(3, utf16("localhost"))],
    ...[avPair(7, time), avPair(0, Buffer.alloc(0))],
  ]);
  const head = Buffer.alloc(CHALLENGE_HEAD_BYTES);
  SIGNATURE.copy(head);
  head.writeUInt32LE(2, 8);
  writeField(head, 12, name.length, CHALLENGE_HEAD_BYTES);
  head.writeUInt32LE(FLAGS >>> 0, 20);
  serverChallenge.copy(head, 24);
  writeField(head, 40, info.length, CHALLENGE_HEAD_BYTES + name.length);
  return Buffer.concat([head, name, info]);
}

/** Whom a client's last message is of, and whether it proves to know the password; NTLMv2 only. MS-NLMP section 3.3.2. */
export function judgeNtlm(
  message: Buffer,
  serverChallenge: Buffer,
  { username, password }: { readonly username: string; readonly password: string },
): "right" | "wrong" | "too old" {
  if (message.length < AUTHENTICATE_HEAD_BYTES) return "wrong";
  const [response, domain, user] = [20, 28, 36].map((at) => readField(message, at));
  if (response === undefined || domain === undefined || user === undefined) return "wrong";
  if (response.length < SHORTEST_RESPONSE_BYTES) return "too old";
  const name = user.toString("utf16le");
  const key = hmac(md4(utf16(password)), utf16(name.toUpperCase() + domain.toString("utf16le")));
  const proof = hmac(key, Buffer.concat([serverChallenge, response.subarray(16)]));
  const isRight = timingSafeEqual(proof, response.subarray(0, 16));
  return isRight && name.toLowerCase() === username.toLowerCase() ? "right" : "wrong";
}

function avPair(id: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
}

/** Length twice, and place. */
function writeField(head: Buffer, at: number, length: number, offset: number): void {
  head.writeUInt16LE(length, at);
  head.writeUInt16LE(length, at + 2);
  head.writeUInt32LE(offset, at + 4);
}

function readField(message: Buffer, at: number): Buffer | undefined {
  const offset = message.readUInt32LE(at + 4);
  const end = offset + message.readUInt16LE(at);
  return end <= message.length ? message.subarray(offset, end) : undefined;
}

function hmac(key: Uint8Array, bytes: Uint8Array): Buffer {
  return createHmac("md5", key).update(bytes).digest();
}

function utf16(text: string): Buffer {
  return Buffer.from(text, "utf16le");
}
