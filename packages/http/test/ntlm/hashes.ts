import { createHash, createHmac } from "node:crypto";
import type { NtlmHashes } from "@fairlead/http/ntlm";

/** The hash functions of this platform. */
export const hashes: NtlmHashes = {
  md5: (bytes) => createHash("md5").update(bytes).digest(),
  hmacMd5: (key, bytes) => createHmac("md5", key).update(bytes).digest(),
};

/** Bytes of hexadecimal digits; spaces are for the reader. */
export function hex(digits: string): Buffer {
  return Buffer.from(digits.replaceAll(/\s/g, ""), "hex");
}

/** One AV pair. */
export function pair(id: number, value: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
}

/** A challenge message of a server with these AV pairs, without their end. */
export function challengeOf(pairs: readonly Uint8Array[], flags = 0x02_80_02_01): Buffer {
  const targetInfo = Buffer.concat([...pairs, Buffer.alloc(4)]);
  const head = Buffer.alloc(56);
  head.write("NTLMSSP\0", "latin1");
  head.writeUInt32LE(2, 8);
  head.writeUInt32LE(flags, 20);
  hex("0123456789abcdef").copy(head, 24);
  head.writeUInt16LE(targetInfo.length, 40);
  head.writeUInt16LE(targetInfo.length, 42);
  head.writeUInt32LE(56, 44);
  return Buffer.concat([head, targetInfo]);
}
