import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { connectImmutably } from "./connection.ts";
import { WriterThread } from "./writer.ts";

/** Whether nothing can be made beside a file: its disk is read-only, or its directory is. */
export function isPlaceReadOnly(file: string): boolean {
  try {
    accessSync(dirname(file), constants.W_OK);
    return false;
  } catch {
    return true;
  }
}

/**
 * Opens a database whose place is read-only: SQLite reads a database with a write-ahead log only where it can make one,
 * or if nobody is said to change the file. A log that holds something would be left out then, so there must be none.
 *
 * @see https://www.sqlite.org/wal.html#read_only_databases
 *
 * @returns `undefined` when that is not how it is.
 */
export function connectToReadOnly(file: string): DatabaseSync | undefined {
  const logBytes = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  return isPlaceReadOnly(file) && logBytes === 0 ? connectImmutably(file) : undefined;
}

/** Writes nothing: what an immutable connection reads would no longer be what is there. */
export class ReadOnlyWriter extends WriterThread {
  override write(): Promise<never> {
    return Promise.reject(new Error("the disk was read-only when the store was opened"));
  }

  override scrub(): Promise<never> {
    return this.write();
  }
}
