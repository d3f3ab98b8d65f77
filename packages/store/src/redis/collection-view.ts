import type { CollectionChanges } from "../change-queue.ts";
import type { CollectionNews, LoadedRecords } from "../stored-record.ts";
import { ChangeSet, type Row } from "./change-set.ts";
import type { CollectionMessage } from "./protocol/change-message.ts";

/** Largest sum of bytes that is held of a collection, for who opens it or has it open. */
export const largestViewBytes = 64 * 1_048_576;

/**
 * What is known of a collection and was not handed on yet: everything, until somebody opens it; then what others have
 * changed since.
 */
export class CollectionView {
  /** Which batch was the last to change it, as far as we know; `undefined` for none. */
  stamp: string | undefined;
  /** Counts what was heard of it. */
  messages = 0;
  /** Whether what is known is not what is there, so that it has to be read. */
  isStale = false;
  /** Whether the engine has records that were not read for want of room. */
  isPartial = false;
  readonly #maxRecords: number;
  #known = new ChangeSet();
  #reading: ChangeSet | undefined;
  #isOpen = false;

  constructor(maxRecords: number) {
    this.#maxRecords = maxRecords;
    // Whatever is there, was heard of when the connection was made.
    this.#known.complete = true;
  }

  /** Whether there are records that nobody has taken over. */
  get hasRecords(): boolean {
    return !this.#isOpen && this.#known.size > 0;
  }

  get hasNews(): boolean {
    return this.#isOpen && !this.#known.isEmpty;
  }

  /** Hands over what is there. */
  open(): LoadedRecords {
    const loaded = this.#known.load();
    this.#isOpen = true;
    this.#known = new ChangeSet();
    return loaded;
  }

  takeNews(onDamaged: () => void): CollectionNews {
    const news = this.#known.news(onDamaged);
    this.#known = new ChangeSet();
    return news;
  }

  /** Takes note of what somebody has done. */
  learn({ kind, records }: CollectionMessage, sequence: number): void {
    for (const set of this.#sets()) {
      if (kind === "clear") set.clear(sequence);
      for (const [name, packed] of records) set.note(name, sequence, packed);
    }
    if (kind === "clear") this.isPartial = false;
    if (kind === "reload") this.isStale = true;
    this.#bound();
  }

  /** Takes note of what we have done. */
  settle(changes: CollectionChanges, sequence: number): void {
    for (const set of this.#sets()) set.settle(changes, sequence);
  }

  /** From here on, what comes goes on top of what is read. */
  beginReading(stamp: string | undefined): void {
    this.stamp = stamp;
    this.isStale = true;
    this.#reading = ChangeSet.whileReading();
  }

  /** @param isAll whether the rows are all there are. */
  endReading(rows: readonly Row[], isAll: boolean): void {
    const read = this.#reading ?? new ChangeSet();
    read.completeWith(rows);
    this.#known = read;
    this.#reading = undefined;
    this.isStale = false;
    this.isPartial = !isAll;
  }

  #sets(): readonly ChangeSet[] {
    return this.#reading === undefined ? [this.#known] : [this.#known, this.#reading];
  }

  #bound(): void {
    for (const set of this.#sets()) {
      while (set.size > this.#maxRecords || set.bytes > largestViewBytes) {
        if (!set.complete) {
          // So much has come that it is less to read everything.
          this.isStale = true;
        }
        this.isPartial = true;
        set.dropOldest();
      }
    }
  }
}
