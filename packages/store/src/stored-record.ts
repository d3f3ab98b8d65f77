/**
 * A record as it is behind, under a name: what {@link RecordSeal} makes of a record and its key, which is the same where
 * the store has no key.
 */
export interface StoredRecord {
  readonly value: Uint8Array;
  /** Milliseconds since the epoch; `undefined` when the record does not expire. */
  readonly expiresAt: number | undefined;
  /** Milliseconds since the epoch; 0 where nobody knows. */
  readonly writtenAt: number;
}

/** All records of a collection as a backend read them: names and times at hand, values made when they are first asked for. */
export interface LoadedRecords {
  /** The one that was written longest ago first. */
  readonly names: readonly string[];
  /** By index of the name; `null` when the record does not expire. */
  readonly expiresAt: readonly (number | null)[];
  /** By index of the name. */
  writtenAt(index: number): number;
  /** Bytes of the value at an index. */
  readonly size: (index: number) => number;
  /** The value at an index, or `undefined` when the record is damaged. */
  value(index: number): Uint8Array | undefined;
}

/** A collection without records. */
export const noRecords: LoadedRecords = {
  names: [],
  expiresAt: [],
  writtenAt: () => 0,
  size: () => 0,
  value: () => undefined,
};

/** What others have done to a collection. */
export interface CollectionNews {
  /** Whether `records` is all there is: whatever else is in memory goes. */
  readonly complete: boolean;
  /** By name, in the order of writing; `undefined` when it is gone. */
  readonly records: ReadonlyMap<string, StoredRecord | undefined>;
}

/** Whether a record is the caller's. */
export type TakeOutcome =
  | { readonly type: "taken"; readonly stored: StoredRecord }
  /** Nobody else has ever seen it: what is in memory is the caller's. */
  | { readonly type: "alone" }
  /** Somebody else has it. */
  | { readonly type: "gone" }
  /** Nobody can tell now. */
  | { readonly type: "unsure" };
