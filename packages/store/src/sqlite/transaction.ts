import type { DatabaseSync } from "node:sqlite";
import { busyMilliseconds, impatiently, patiently } from "./connection.ts";
import { isBusy } from "./sqlite-error.ts";

/** Does something in one transaction: all of it or nothing is there afterwards, and what it reads is of one moment. */
export function inTransaction<Result>(database: DatabaseSync, kind: "read" | "write", work: () => Result): Result {
  if (kind === "write") beginWriting(database);
  else database.exec("BEGIN");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // Some failures, such as a full disk, have rolled it back already.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/**
 * Waits for those who write, which is each process for milliseconds. SQLite would do so by itself, but sleeps longer and
 * longer, up to a tenth of a second: where many write, who has waited longest would wait longest.
 */
function beginWriting(database: DatabaseSync): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const deadline = performance.now() + busyMilliseconds;
  impatiently(database);
  try {
    for (;;) {
      try {
        database.exec("BEGIN IMMEDIATE");
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error;
        Atomics.wait(sleeper, 0, 0, 1 + Math.random() * 2);
      }
    }
  } finally {
    patiently(database);
  }
}
