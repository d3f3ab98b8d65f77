import type { StoredRecord } from "../../stored-record.ts";

/**
 * A record as it lies in Redis: one byte of version, the times as big-endian doubles (NaN where there is none), a
 * checksum, the value. Whatever else lies there was not written by a store.
 */
const version = 1;
/** Where the time of writing begins: the script that evicts compares its bytes. */
const writtenAtStart = 1;
const expiresAtStart = 9;
const checksumStart = 17;
const valueStart = 21;
/** Latest time that `Date` knows: ECMA-262 section 21.4.1.1. */
const latestTime = 8.64e15;

/** Packs a record. */
export function packRecord(name: string, { value, expiresAt, writtenAt }: StoredRecord): Uint8Array {
  const packed = new Uint8Array(valueStart + value.length);
  const view = new DataView(packed.buffer);
  view.setUint8(0, version);
  view.setFloat64(writtenAtStart, writtenAt);
  view.setFloat64(expiresAtStart, expiresAt ?? Number.NaN);
  packed.set(value, valueStart);
  view.setUint32(checksumStart, checksum(name, packed));
  return packed;
}

/** The bytes of a packed record that say when it was written. */
export function packWrittenAt(writtenAt: number): Uint8Array {
  const bytes = new Uint8Array(expiresAtStart - writtenAtStart);
  new DataView(bytes.buffer).setFloat64(0, writtenAt);
  return bytes;
}

/** @returns `undefined` for what is damaged, or was written by nobody of ours. The value is a view of the bytes. */
export function unpackRecord(name: string, packed: Uint8Array): StoredRecord | undefined {
  if (packed.length < valueStart) return undefined;
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (view.getUint8(0) !== version || view.getUint32(checksumStart) !== checksum(name, packed)) return undefined;
  const writtenAt = view.getFloat64(writtenAtStart);
  const expiresAt = view.getFloat64(expiresAtStart);
  if (!isTime(writtenAt) || !(isTime(expiresAt) || Number.isNaN(expiresAt))) return undefined;
  return {
    value: new Uint8Array(packed.buffer, packed.byteOffset + valueStart, packed.length - valueStart),
    expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt,
    writtenAt,
  };
}

/** The times of a packed record, whether it is damaged or not: 0 and `undefined` where there are none. */
export function peekTimes(packed: Uint8Array): Pick<StoredRecord, "expiresAt" | "writtenAt"> {
  if (packed.length < valueStart) return { writtenAt: 0, expiresAt: undefined };
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const writtenAt = view.getFloat64(writtenAtStart);
  const expiresAt = view.getFloat64(expiresAtStart);
  return { writtenAt: isTime(writtenAt) ? writtenAt : 0, expiresAt: isTime(expiresAt) ? expiresAt : undefined };
}

/** Bytes of the value in a packed record. */
export function packedSize(packed: Uint8Array | undefined): number {
  return Math.max(0, (packed?.length ?? 0) - valueStart);
}

function isTime(number: number): boolean {
  return Math.abs(number) <= latestTime;
}

/**
 * FNV-1a with 32 bits over name, times and value: against accidents, not against who may write to the engine. That is
 * what a key is for.
 *
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
function checksum(name: string, packed: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) hash = step(hash, name.charCodeAt(index));
  hash = step(step(hash, name.length), packed.length);
  for (let index = 0; index < checksumStart; index++) hash = step(hash, packed[index] ?? 0);
  for (let index = valueStart; index < packed.length; index++) hash = step(hash, packed[index] ?? 0);
  return hash >>> 0;
}

function step(hash: number, part: number): number {
  return Math.imul(hash ^ part, 0x01000193);
}
