import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "@fairlead/core";
import type { Batch } from "../change-queue.ts";
import { verifyStore, type PlaceOptions } from "../permissions.ts";
import type { StoreBackend } from "../store-backend.ts";
import { noRecords, type CollectionNews, type LoadedRecords, type TakeOutcome } from "../stored-record.ts";
import { closeUntouched, connect, impatiently, patiently } from "./connection.ts";
import { forgetDeletions, hasDeletions } from "./deletion-log.ts";
import { ForeignNews, recordOf } from "./foreign-news.ts";
import { loadRecords } from "./load-records.ts";
import { companions } from "./private-database.ts";
import { damaged } from "./schema.ts";
import { isDamaged } from "./sqlite-error.ts";
import { createTable, isComplete, quoted, tableNames } from "./tables.ts";
import { inTransaction } from "./transaction.ts";
import { makeDurable, writeBatch } from "./write-batch.ts";
import { WriterThread } from "./writer.ts";

/** How often it is looked whether others have written: that costs some three microseconds. */
const watchMilliseconds = 200;

/**
 * Keeps records in an SQLite database. The connection of the calling thread reads, and deletes what is taken, neither of
 * which waits for the disk or for other processes; a thread of its own writes.
 */
export class SqliteBackend implements StoreBackend {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #writer: WriterThread;
  readonly #place: PlaceOptions;
  readonly #news: ForeignNews;
  #watch: NodeJS.Timeout | undefined;
  #onChange: (() => void) | undefined;
  #more: NodeJS.Immediate | undefined;
  #isDamaged = false;

  /** Owns the database and the writer. */
  constructor(file: string, database: DatabaseSync, writer = new WriterThread(file), place: PlaceOptions = {}) {
    this.#file = file;
    this.#database = database;
    this.#writer = writer;
    this.#place = place;
    this.#news = new ForeignNews(database);
  }

  load(collection: string): LoadedRecords {
    return this.#read(() => {
      const exists = tableNames(this.#database).includes(collection);
      if (exists && !isComplete(this.#database, collection)) createTable(this.#database, collection);
      this.#news.follow(collection);
      return exists ? loadRecords(this.#database, collection) : noRecords;
    });
  }

  collectionNames(): readonly string[] {
    return this.#read(() =>
      tableNames(this.#database).filter(
        (name) => this.#database.prepare(`SELECT 1 FROM ${quoted(name)} LIMIT 1`).get() !== undefined,
      ),
    );
  }

  /** One statement, so that of several processes one gets the record; in a busy database, nobody does. */
  take(collection: string, name: string): Promise<TakeOutcome> {
    try {
      const row = this.#database.prepare(`DELETE FROM ${quoted(collection)} WHERE key = ? RETURNING *`).get(name);
      const stored = row && recordOf(row);
      return Promise.resolve(stored === undefined ? { type: "gone" } : { type: "taken", stored });
    } catch {
      // Busy, or cannot be written at all: then the next batch tells why.
      return Promise.resolve({ type: "unsure" });
    }
  }

  /**
   * Has the thread write. A process that ends before one was needed writes by itself: that takes a millisecond or two
   * where starting a thread takes thirty.
   */
  readonly write = async (batch: Batch, moment: "behind" | "last"): Promise<void> => {
    verifyStore(this.#file, companions, this.#place);
    if (moment === "behind" || this.#writer.isRunning) {
      this.#news.skip(await this.#writer.write(batch));
    } else {
      patiently(this.#database);
      makeDurable(this.#database);
      writeBatch(this.#database, batch);
    }
    // The log may have come into being with the batch.
    verifyStore(this.#file, companions, this.#place);
  };

  async scrub(): Promise<void> {
    await this.#writer.scrub();
  }

  watch(onChange: () => void): void {
    this.#onChange = onChange;
    const version = this.#database.prepare("PRAGMA data_version");
    version.setReturnArrays(true);
    const current = (): unknown => (version.get() as unknown as readonly unknown[] | undefined)?.[0];
    let seen = current();
    this.#watch = setInterval(() => {
      try {
        const now = current();
        if (now === seen) return;
        seen = now;
        onChange();
      } catch {
        // Somebody mends the log, or the file cannot be read just now; whoever reads or writes tells why.
      }
    }, watchMilliseconds).unref();
  }

  takeNews(): ReadonlyMap<string, CollectionNews> {
    try {
      const news = this.#news.take();
      if (this.#news.hasMore) this.#more ??= setImmediate(this.#onMore);
      return news;
    } catch {
      // As above. It was not read, so it comes with what changes next.
      return new Map();
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    clearImmediate(this.#more);
    const mustForget = !this.#isDamaged && this.#mustForget();
    // The last connection to close moves the log into the database: better the thread's than ours.
    if (this.#isDamaged) closeUntouched(this.#database, this.#file);
    else this.#database.close();
    await this.#writer.close();
    if (mustForget) this.#forgetDeletions();
  }

  readonly #onMore = (): void => {
    this.#more = undefined;
    this.#onChange?.();
  };

  #mustForget(): boolean {
    try {
      return hasDeletions(this.#database);
    } catch {
      return false;
    }
  }

  /** The names of what was deleted are for those who have the store open. Nobody has when the write-ahead log is gone. */
  #forgetDeletions(): void {
    if (existsSync(`${this.#file}-wal`)) return;
    try {
      using database = connect(this.#file);
      impatiently(database);
      makeDurable(database);
      forgetDeletions(database);
    } catch {
      // Whoever opens the store next forgets them.
    }
  }

  #read<Result>(read: () => Result): Result {
    try {
      patiently(this.#database);
      return inTransaction(this.#database, "read", read);
    } catch (cause) {
      if (isDamaged(cause)) {
        this.#isDamaged = true;
        throw damaged(this.#file, "read", cause);
      }
      throw new StoreError("STORE_OPEN_FAILED", { peer: this.#file, operation: "read", cause });
    } finally {
      impatiently(this.#database);
    }
  }
}
