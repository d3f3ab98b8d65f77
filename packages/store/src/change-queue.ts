import type { StoredRecord } from "./stored-record.ts";

/** What is to become of the record of one name. */
export type RecordChange =
  | ({
      readonly type: "put";
      /** Written only where there is a record of that name, which goes. */
      readonly replaces?: string;
    } & StoredRecord)
  | {
      readonly type: "delete";
      /** Whose record it was, where that is known; it is not stored. */
      readonly key?: string | undefined;
    }
  /**
   * Deletes what was dropped to keep within the bound, and only what was written at that moment: another process may have
   * written it anew. Without `only`, whatever is there goes, because the dropped record would have replaced it.
   */
  | { readonly type: "evict"; readonly only: number | undefined };

/** Changes of one collection, applied in the order of the members. Plain data: it can be posted to a thread. */
export interface CollectionChanges {
  /** Whether all records go first. */
  clear: boolean;
  /** Records that expired at or before this time go. */
  purgeAt: number | undefined;
  /** By name, in the order of writing. */
  readonly records: Map<string, RecordChange>;
  /** Afterwards at most this many records stay, the ones written last. */
  trimTo: number | undefined;
  /** All of the batch is refused ({@link BatchRefused}) where this is not there before it. */
  readonly requires?: Requirement;
}

/** A record that has to be there, with this value; or no record, where it is `undefined`. */
export interface Requirement {
  readonly name: string;
  readonly value: Uint8Array | undefined;
}

/** Changes by collection. Together they lead from one state that the process has seen to a later one. */
export type Batch = ReadonlyMap<string, CollectionChanges>;

/**
 * Changes that wait to be written, the last one of each name only. A collection's share is bounded, so that a disk that
 * cannot be written does not fill the memory: past the bound its oldest change is lost, and counted.
 */
export class ChangeQueue {
  #collections = new Map<string, CollectionChanges>();
  #lost = 0;

  get isEmpty(): boolean {
    return this.#collections.size === 0;
  }

  /** Number of records that wait. */
  get size(): number {
    let size = 0;
    for (const { records } of this.#collections.values()) size += records.size;
    return size;
  }

  /** What is to become of a name, where something is. */
  pending(collection: string, name: string): RecordChange | undefined {
    return this.#collections.get(collection)?.records.get(name);
  }

  /** Whether whatever others have written in a collection goes with the next batch. */
  isCleared(collection: string): boolean {
    return this.#collections.get(collection)?.clear ?? false;
  }

  put(collection: string, name: string, stored: StoredRecord, limit: number): void {
    this.#change(collection, name, { type: "put", ...stored }, limit);
  }

  delete(collection: string, name: string, key: string | undefined, limit: number): void {
    this.#change(collection, name, { type: "delete", key }, limit);
  }

  /** Drops a record to keep within `maxEntries`, which the records of all processes together are held to as well. */
  evict(collection: string, name: string, writtenAt: number, maxEntries: number, limit: number): void {
    const replaced = this.pending(collection, name)?.type === "put";
    this.#of(collection).trimTo = maxEntries;
    this.#change(collection, name, { type: "evict", only: replaced ? undefined : writtenAt }, limit);
  }

  clear(collection: string): void {
    this.#collections.set(collection, { clear: true, purgeAt: undefined, records: new Map(), trimTo: undefined });
  }

  purge(collection: string, at: number): void {
    this.#of(collection).purgeAt = at;
  }

  /** Changes that wait, by collection; whoever changes their records keeps their order. */
  waiting(): Batch {
    return this.#collections;
  }

  /** Asks for a batch although nothing changes, to make durable what was written past the queue. */
  touch(collection: string): void {
    this.#of(collection);
  }

  /** Hands over everything that waits. */
  takeAll(): Batch {
    const batch = this.#collections;
    this.#collections = new Map();
    return batch;
  }

  /** Puts a batch that could not be written back, under the changes that came since. */
  restore(batch: Batch, limit: (collection: string) => number): void {
    const newer = this.#collections;
    this.#collections = new Map(batch);
    for (const [collection, changes] of newer) {
      const older = this.#collections.get(collection);
      this.#collections.set(collection, older === undefined || changes.clear ? changes : merge(older, changes));
      this.#bound(this.#of(collection), limit(collection));
    }
  }

  /** Number of changes that were lost since the last call. */
  takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  get lost(): number {
    return this.#lost;
  }

  #change(collection: string, name: string, change: RecordChange, limit: number): void {
    const changes = this.#of(collection);
    changes.records.delete(name);
    changes.records.set(name, change);
    this.#bound(changes, limit);
  }

  #bound({ records }: CollectionChanges, limit: number): void {
    if (records.size <= limit) return;
    for (const [name, { type }] of records) {
      if (records.size <= limit) return;
      records.delete(name);
      // An eviction loses nothing: trimTo catches up with the record.
      if (type !== "evict") this.#lost++;
    }
  }

  #of(collection: string): CollectionChanges {
    let changes = this.#collections.get(collection);
    if (changes === undefined) {
      changes = { clear: false, purgeAt: undefined, records: new Map(), trimTo: undefined };
      this.#collections.set(collection, changes);
    }
    return changes;
  }
}

function merge(older: CollectionChanges, newer: CollectionChanges): CollectionChanges {
  const records = new Map(older.records);
  for (const [name, change] of newer.records) {
    const replaced = change.type === "evict" && records.get(name)?.type === "put";
    records.delete(name);
    records.set(name, replaced ? { type: "evict", only: undefined } : change);
  }
  return {
    clear: older.clear,
    purgeAt: newer.purgeAt ?? older.purgeAt,
    records,
    trimTo: newer.trimTo ?? older.trimTo,
  };
}
