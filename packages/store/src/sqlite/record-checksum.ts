import type { StoredRecord } from "../stored-record.ts";

/**
 * Tells whether a record is what was written: the disk may have changed a bit in it, or a person.
 *
 * FNV-1a with 32 bits, which any single changed byte changes. It is in JavaScript because a call of `zlib.crc32` costs
 * more than all the rest of a look-up.
 *
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function checksumOf(name: string, { value, expiresAt }: Pick<StoredRecord, "value" | "expiresAt">): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) hash = step(hash, name.charCodeAt(index));
  // The lengths, so that no byte can pass from one part to the next.
  hash = step(step(hash, name.length), value.length);
  if (expiresAt !== undefined) hash = step(step(hash, expiresAt), Math.floor(expiresAt / 2 ** 32));
  for (const byte of value) hash = step(hash, byte);
  return hash >>> 0;
}

function step(hash: number, part: number): number {
  return Math.imul(hash ^ part, 0x01000193);
}
