import type { Batch, CollectionChanges } from "../change-queue.ts";
import type { CollectionNews, LoadedRecords, StoredRecord } from "../stored-record.ts";
import { packRecord, packedSize, peekTimes, unpackRecord } from "./protocol/record-form.ts";

/** A record as it lies in the engine, `undefined` when it is gone, and when that came to be. */
interface Entry {
  readonly sequence: number;
  readonly packed: Uint8Array | undefined;
}

/** One record as it was read, with its sequence. */
export interface Row {
  readonly name: string;
  readonly sequence: number;
  readonly packed: Uint8Array;
}

/** What has become of the records of a collection, or all there is of them. */
export class ChangeSet {
  /** Whether there is nothing beside these. */
  complete = false;
  /** Whether what is gone must be remembered, because it may still be read. */
  #isReading = false;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #clearedAt = 0;

  /** A set for what comes while the collection is read, until {@link completeWith}. */
  static whileReading(): ChangeSet {
    const set = new ChangeSet();
    set.#isReading = true;
    return set;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0 && !this.complete;
  }

  /** Takes note of a record, unless something later is known of it. */
  note(name: string, sequence: number, packed: Uint8Array | undefined): void {
    if ((this.#entries.get(name)?.sequence ?? 0) > sequence) return;
    this.#remove(name);
    if (packed === undefined && this.complete && !this.#isReading) return;
    this.#entries.set(name, { sequence, packed });
    this.#bytes += Buffer.byteLength(name) + (packed?.length ?? 0);
  }

  /** Everything that came before is gone. */
  clear(sequence: number): void {
    for (const [name, entry] of this.#entries) if (entry.sequence < sequence) this.#remove(name);
    this.#clearedAt = sequence;
    this.complete = true;
  }

  /** What came before a change of our own, and did not show yet, is past. */
  settle({ clear, records }: CollectionChanges, sequence: number): void {
    if (clear) {
      const wasComplete = this.complete;
      this.clear(sequence);
      this.complete = wasComplete;
    }
    for (const [name, change] of records) {
      if ((this.#entries.get(name)?.sequence ?? 0) > sequence) continue;
      this.#remove(name);
      if (change.type === "put" && this.complete) this.note(name, sequence, packRecord(name, change));
    }
  }

  /** Puts what was read, the last one first, under what has come since reading began. */
  completeWith(rows: readonly Row[]): void {
    const since = [...this.#entries];
    this.#entries.clear();
    this.#bytes = 0;
    for (const { name, sequence, packed } of rows.toReversed()) {
      if (sequence >= this.#clearedAt) this.note(name, sequence, packed);
    }
    this.complete = true;
    this.#isReading = false;
    for (const [name, { sequence, packed }] of since) this.note(name, sequence, packed);
  }

  /** Forgets the record that was written longest ago. */
  dropOldest(): void {
    for (const name of this.#entries.keys()) {
      this.#remove(name);
      return;
    }
  }

  /** The records, checked when they are first asked for. */
  load(): LoadedRecords {
    const rows = [...this.#entries].flatMap(([name, { packed }]) => (packed === undefined ? [] : [{ name, packed }]));
    const times = rows.map(({ packed }) => peekTimes(packed));
    return {
      names: rows.map(({ name }) => name),
      expiresAt: times.map(({ expiresAt }) => expiresAt ?? null),
      writtenAt: times.map(({ writtenAt }) => writtenAt),
      size: (index) => packedSize(rows[index]?.packed),
      value: (index) => {
        const row = rows[index];
        return row && unpackRecord(row.name, row.packed)?.value;
      },
    };
  }

  /** The records for who has the collection open. @param onDamaged is told of each that makes no sense. */
  news(onDamaged: () => void): CollectionNews {
    const records = new Map<string, StoredRecord | undefined>();
    for (const [name, { packed }] of this.#entries) {
      const record = packed && unpackRecord(name, packed);
      if (packed !== undefined && record === undefined) onDamaged();
      // A copy: these bytes are a piece of a message with many records.
      records.set(name, record && { ...record, value: new Uint8Array(record.value) });
    }
    return { complete: this.complete, records };
  }

  #remove(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.#entries.delete(name);
    this.#bytes -= Buffer.byteLength(name) + (entry.packed?.length ?? 0);
  }
}

/** A batch without what is in another one, the same objects: that has taken effect. */
export function withoutApplied(batch: Batch, applied: Batch): Batch {
  const rest = new Map<string, CollectionChanges>();
  for (const [collection, changes] of batch) {
    const done = applied.get(collection)?.records;
    // What follows a clearing goes with it again.
    if (done === undefined || changes.clear) rest.set(collection, changes);
    else {
      const records = new Map([...changes.records].filter(([name, change]) => done.get(name) !== change));
      rest.set(collection, { ...changes, records });
    }
  }
  return rest;
}
