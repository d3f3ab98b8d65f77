import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "@fairlead/core";
import type { Batch } from "../change-queue.ts";
import { verifyStore, type PlaceOptions } from "../permissions.ts";
import type { StoreBackend } from "../record-store.ts";
import { noRecords, type LoadedRecords, type TakeOutcome } from "../stored-record.ts";
import { busyMilliseconds } from "./connection.ts";
import { loadRecords } from "./load-records.ts";
import { companions } from "./private-database.ts";
import { checksumOf } from "./record-checksum.ts";
import { isDamaged } from "./sqlite-error.ts";
import { tableNames } from "./tables.ts";
import { makeDurable, writeBatch } from "./write-batch.ts";
import { WriterThread } from "./writer.ts";

/**
 * Keeps records in an SQLite database. The connection of the calling thread reads, and deletes what is taken, neither of
 * which waits for the disk; a thread of its own writes.
 */
export class SqliteBackend implements StoreBackend {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #writer: WriterThread;
  readonly #place: PlaceOptions;

  /** Owns the database and the writer. */
  constructor(file: string, database: DatabaseSync, writer = new WriterThread(file), place: PlaceOptions = {}) {
    this.#file = file;
    this.#database = database;
    this.#writer = writer;
    this.#place = place;
  }

  load(collection: string): LoadedRecords {
    return this.#read(() =>
      tableNames(this.#database).includes(collection) ? loadRecords(this.#database, collection) : noRecords,
    );
  }

  collectionNames(): readonly string[] {
    return this.#read(() =>
      tableNames(this.#database).filter(
        (name) => this.#database.prepare(`SELECT 1 FROM "${name.replaceAll('"', '""')}" LIMIT 1`).get() !== undefined,
      ),
    );
  }

  /** One statement, so that of several processes one gets the record; in a busy database, nobody does. */
  take(collection: string, name: string): Promise<TakeOutcome> {
    try {
      this.#database.exec("PRAGMA busy_timeout = 0");
      const row = this.#database
        .prepare(`DELETE FROM "${collection}" WHERE key = ? RETURNING value, expires_at, written_at, checksum`)
        .get(name);
      return Promise.resolve(outcomeOf(name, row));
    } catch {
      // Busy, or cannot be written at all: then the next batch tells why.
      return Promise.resolve({ type: "unsure" });
    } finally {
      this.#database.exec(`PRAGMA busy_timeout = ${String(busyMilliseconds)}`);
    }
  }

  /**
   * Has the thread write. A process that ends before one was needed writes by itself: that takes a millisecond or two
   * where starting a thread takes thirty.
   */
  readonly write = async (batch: Batch, moment: "behind" | "last"): Promise<void> => {
    verifyStore(this.#file, companions, this.#place);
    if (moment === "behind" || this.#writer.isRunning) {
      await this.#writer.write(batch);
    } else {
      makeDurable(this.#database);
      writeBatch(this.#database, batch);
    }
    // The log may have come into being with the batch.
    verifyStore(this.#file, companions, this.#place);
  };

  async close(): Promise<void> {
    // The last connection to close moves the log into the database: better the thread's than ours.
    this.#database.close();
    await this.#writer.close();
  }

  #read<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (cause) {
      const code = isDamaged(cause) ? "STORE_CORRUPT" : "STORE_OPEN_FAILED";
      throw new StoreError(code, { peer: this.#file, operation: "read", cause });
    }
  }
}

function outcomeOf(name: string, row: Record<string, unknown> | undefined): TakeOutcome {
  const value = row?.["value"];
  const expiresAt = row?.["expires_at"];
  if (!(value instanceof Uint8Array)) return { type: "gone" };
  const stored = {
    value,
    expiresAt: typeof expiresAt === "number" ? expiresAt : undefined,
    writtenAt: Number(row?.["written_at"]),
  };
  return checksumOf(name, stored) === row?.["checksum"] ? { type: "taken", stored } : { type: "gone" };
}
