import type { StoreRecord } from "./contract.ts";
import type { StoredRecord } from "./stored-record.ts";

/** Between records and what is stored of them. */
export interface RecordSeal {
  /** The name under which the record of a key is stored. */
  nameOf(collection: string, key: string): string;
  /** The bytes that are stored. They may be the record's own. */
  seal(collection: string, name: string, record: StoreRecord): Uint8Array;
  /** Bytes of key and value together, by what of them is stored: the name, and a value of that many bytes. */
  contentSize(name: string, valueSize: number): number;
  /** Key and value of what is stored; `undefined` when it is damaged, or was sealed with another key. */
  open(collection: string, name: string, stored: StoredRecord): Pick<StoreRecord, "key" | "value"> | undefined;
}

/** Stores records as they are, under their keys. */
export const unsealed: RecordSeal = {
  nameOf: (_collection, key) => key,
  seal: (_collection, _name, { value }) => value,
  contentSize: (name, valueSize) => Buffer.byteLength(name) + valueSize,
  open: (_collection, name, { value }) => ({ key: name, value }),
};
