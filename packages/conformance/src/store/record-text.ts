import type { Collection, StoreRecord } from "@fairlead/store";

/** Bytes of a text. */
export function bytes(content: string): Uint8Array {
  return Buffer.from(content);
}

/** Text of a record's bytes. */
export function text(record: StoreRecord | undefined): string | undefined {
  return record === undefined ? undefined : Buffer.from(record.value).toString();
}

/** Keys in the order of writing. */
export function keysOf(collection: Collection): readonly string[] {
  return [...collection.entries()].map(({ key }) => key);
}
