import type { DatabaseSync } from "node:sqlite";

/**
 * Does something in one transaction: all of it or nothing is there afterwards, and what it reads is of one moment.
 *
 * @param kind `write` waits for those who write before it begins, as long as the connection waits at all.
 */
export function inTransaction<Result>(database: DatabaseSync, kind: "read" | "write", work: () => Result): Result {
  database.exec(kind === "write" ? "BEGIN IMMEDIATE" : "BEGIN");
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
