import type { StoreRecord } from "../contract.ts";
import type { RecordSeal } from "../record-seal.ts";
import type { StoredRecord } from "../stored-record.ts";
import { deriveKey } from "./derived-keys.ts";
import { HiddenNames } from "./hidden-names.ts";
import { OVERHEAD_BYTES, SealedBox } from "./sealed-box.ts";

/**
 * Seals records with the key of a generation. The stored name hides collection and key; the stored value holds key and
 * value, bound to collection, name and both times, so that no record can be put in the place of another, prolonged or
 * made newer.
 */
export function keySeal(key: Uint8Array, generation: string): RecordSeal {
  const names = new HiddenNames(deriveKey(key, generation, "names"));
  const box = new SealedBox(deriveKey(key, generation, "values"));
  return {
    // What is not well-formed has no bytes of its own, and names nothing.
    nameOf: (collection, name) => (name.isWellFormed() ? names.of(collection, name) : ""),
    seal: (collection, name, record) => {
      const keyBytes = Buffer.from(record.key);
      const length = Buffer.alloc(lengthBytes);
      length.writeUInt32BE(keyBytes.length);
      return box.seal(placeOf(collection, name, record), length, keyBytes, record.value);
    },
    contentSize: (_name, valueSize) => valueSize - OVERHEAD_BYTES - lengthBytes,
    open: (collection, name, stored) => {
      const content = box.open(placeOf(collection, name, stored), stored.value);
      return content && splitContent(content);
    },
  };
}

/** What stands before a key, whose length it is. */
const lengthBytes = 4;

/** Where a record belongs, in no two ways: neither a collection nor a hidden name holds a NUL. */
function placeOf(
  collection: string,
  name: string,
  { expiresAt, writtenAt }: Pick<StoredRecord, "expiresAt" | "writtenAt">,
): string {
  return [collection, name, expiresAt ?? "", writtenAt].join("\0");
}

function splitContent(content: Uint8Array): Pick<StoreRecord, "key" | "value"> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const end = lengthBytes + bytes.readUInt32BE();
  return { key: bytes.toString("utf8", lengthBytes, end), value: new Uint8Array(bytes.subarray(end)) };
}
