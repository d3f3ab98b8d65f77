import type { CollectionChanges } from "../change-queue.ts";
import type { CollectionNews, LoadedRecords, StoredRecord } from "../stored-record.ts";
import type { CollectionMessage } from "./protocol/change-message.ts";
import { packRecord, packedSize, peekTimes, unpackRecord } from "./protocol/record-form.ts";

/** One record as it was read, with its place in the order of writing. */
export interface Row {
  readonly name: string;
  readonly sequence: number;
  readonly packed: Uint8Array;
}

/** Largest sum of bytes that is held of a collection. */
export const largestViewBytes = 64 * 1_048_576;

/** A record, `undefined` when it is gone, and when that came to be. */
interface Entry {
  readonly sequence: number;
  readonly packed: Uint8Array | undefined;
}

/** What has come while a collection is read. */
interface Since {
  readonly entries: Map<string, Entry>;
  clearedAt: number;
}

/** What is known of a collection: its records as they lie in the engine, in the order of writing. */
export class CollectionView {
  /** Which batch was the last to change it, as far as we know; `undefined` for none. */
  stamp: string | undefined;
  /** Counts what was heard of it. */
  messages = 0;
  /** Whether what is known is not what is there, so that it has to be read. */
  isStale = false;
  /** Whether the engine has records that are not known for want of room. */
  isPartial = false;
  readonly #maxRecords: number;
  #records = new Map<string, Row>();
  #bytes = 0;
  /** When records went, for what we did before and learn of later. */
  readonly #gone = new Map<string, number>();
  /** Names of what others have changed, or everything. */
  #news: Set<string> | "all" = new Set();
  #isOpen = false;
  #since: Since | undefined;

  constructor(maxRecords: number) {
    this.#maxRecords = maxRecords;
  }

  /** Whether there may be records. */
  get hasRecords(): boolean {
    return this.#records.size > 0;
  }

  get hasNews(): boolean {
    return this.#isOpen && (this.#news === "all" || this.#news.size > 0);
  }

  /** The records as they are now, checked when they are first asked for. From here on, there are news. */
  open(): LoadedRecords {
    this.#isOpen = true;
    this.#news = new Set();
    return loadRows([...this.#records.values()]);
  }

  /** What others have changed since the last call. @param onDamaged is told of each record that makes no sense. */
  takeNews(onDamaged: () => void): CollectionNews {
    const complete = this.#news === "all";
    const records = new Map<string, StoredRecord | undefined>();
    for (const name of this.#news === "all" ? this.#records.keys() : this.#news) {
      const packed = this.#records.get(name)?.packed;
      const record = packed && unpackRecord(name, packed);
      if (packed !== undefined && record === undefined) onDamaged();
      records.set(name, record);
    }
    this.#news = new Set();
    this.#gone.clear();
    return { complete, records };
  }

  /**
   * Takes note of what somebody has done.
   *
   * @param expected for what we have done ourselves: whose going we know of. What was pushed out beside is news.
   */
  learn({ kind, records }: CollectionMessage, sequence: number, expected?: (name: string) => boolean): void {
    if (kind === "clear") {
      this.#clear(sequence);
      this.isPartial = false;
    }
    if (expected === undefined) {
      if (kind === "clear") this.#news = "all";
      if (kind === "reload") this.isStale = true;
    }
    for (const [name, packed] of records) {
      this.#note(name, sequence, packed && Buffer.from(packed));
      const isNews = expected === undefined || (packed === undefined && !expected(name));
      if (isNews && this.#news !== "all") this.#news.add(name);
    }
    this.#bound();
  }

  /** Takes note of what we have done: what was heard before, and not handed on yet, is past. */
  settle({ clear, records }: CollectionChanges, sequence: number): void {
    if (clear) this.#clear(sequence);
    for (const [name, change] of records) {
      switch (change.type) {
        case "put":
          if (change.replaces !== undefined) this.#note(change.replaces, sequence, undefined);
          this.#note(name, sequence, packRecord(name, change));
          break;
        case "delete":
          this.#note(name, sequence, undefined);
          break;
        case "evict":
          // The message tells whether it went.
          break;
      }
    }
    this.#bound();
  }

  /** From here on, what comes goes on top of what is read. */
  beginReading(stamp: string | undefined): void {
    this.stamp = stamp;
    this.isStale = true;
    this.#since = { entries: new Map(), clearedAt: 0 };
  }

  /** @param rows the one written last first. @param isAll whether they are all there are. */
  endReading(rows: readonly Row[], isAll: boolean): void {
    const { entries, clearedAt } = this.#since ?? { entries: new Map<string, Entry>(), clearedAt: 0 };
    this.#since = undefined;
    this.isStale = false;
    this.isPartial = !isAll;
    this.#records = new Map();
    this.#bytes = 0;
    this.#gone.clear();
    for (const { name, sequence, packed } of rows.toReversed()) {
      if (sequence >= clearedAt) this.#note(name, sequence, Buffer.from(packed));
    }
    for (const [name, { sequence, packed }] of entries) this.#note(name, sequence, packed);
    this.#news = "all";
    this.#bound();
  }

  #note(name: string, sequence: number, packed: Uint8Array | undefined): void {
    this.#since?.entries.set(name, { sequence, packed });
    if (Math.max(this.#records.get(name)?.sequence ?? 0, this.#gone.get(name) ?? 0) > sequence) return;
    this.#remove(name);
    if (packed === undefined) {
      this.#gone.set(name, sequence);
      return;
    }
    this.#records.set(name, { name, sequence, packed });
    this.#bytes += sizeOf(name, packed);
  }

  #clear(sequence: number): void {
    if (this.#since !== undefined) {
      this.#since.entries.clear();
      this.#since.clearedAt = sequence;
    }
    for (const row of this.#records.values()) if (row.sequence < sequence) this.#remove(row.name);
  }

  #remove(name: string): void {
    const row = this.#records.get(name);
    if (row === undefined) return;
    this.#records.delete(name);
    this.#bytes -= sizeOf(name, row.packed);
  }

  #bound(): void {
    for (const name of this.#records.keys()) {
      if (this.#records.size <= this.#maxRecords && this.#bytes <= largestViewBytes) break;
      this.#remove(name);
      this.isPartial = true;
    }
    if (this.#gone.size > this.#maxRecords) this.#gone.clear();
    if (this.#news !== "all" && this.#news.size > this.#maxRecords) this.#news = "all";
  }
}

/** Records as they were read, for who opens a collection. */
export function loadRows(rows: readonly Row[]): LoadedRecords {
  const times = rows.map(({ packed }) => peekTimes(packed));
  return {
    names: rows.map(({ name }) => name),
    expiresAt: times.map(({ expiresAt }) => expiresAt ?? null),
    writtenAt: (index) => times[index]?.writtenAt ?? 0,
    size: (index) => packedSize(rows[index]?.packed),
    value: (index) => {
      const row = rows[index];
      return row && unpackRecord(row.name, row.packed)?.value;
    },
  };
}

function sizeOf(name: string, packed: Uint8Array): number {
  return Buffer.byteLength(name) + packed.length;
}
