import type { DatabaseSync } from "node:sqlite";

/**
 * The names of what was deleted, in the order of deleting, for the other processes that have the store open. No collection
 * can be called like its table.
 *
 * What was forgotten must not go on standing here: names go after a minute, with the next write, and all of them when the
 * last process closes the store. Whoever has not read them by then reads all records anew.
 */
export const deletionLog = "fairlead_deletions";

const largestAgeSeconds = 60;
const mostDeletions = 10_000;

/** Makes the log if there is none. */
export function createDeletionLog(database: DatabaseSync): void {
  database.exec(
    `CREATE TABLE IF NOT EXISTS ${deletionLog} (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      collection TEXT NOT NULL,
      name TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT`,
  );
}

/** Keeps the log within its bounds. It loses its beginning only: so a reader sees whether something is missing. */
export function trimDeletions(database: DatabaseSync): void {
  const last = database.prepare(`SELECT sequence FROM ${deletionLog} ORDER BY sequence DESC LIMIT 1`).get();
  const first = database
    .prepare(`SELECT sequence, unixepoch() - at AS age FROM ${deletionLog} ORDER BY sequence LIMIT 1`)
    .get();
  const length = Number(last?.["sequence"]) - Number(first?.["sequence"]);
  if (!(length >= mostDeletions || Number(first?.["age"]) > largestAgeSeconds)) return;
  database
    .prepare(
      `DELETE FROM ${deletionLog} WHERE sequence <=
        max(?, (SELECT coalesce(max(sequence), 0) FROM ${deletionLog} WHERE unixepoch() - at > ${String(largestAgeSeconds)}))`,
    )
    .run(Number(last?.["sequence"]) - mostDeletions);
}

/** Empties the log. */
export function forgetDeletions(database: DatabaseSync): void {
  database.exec(`DELETE FROM ${deletionLog}`);
}

/** Whether any name stands in the log. */
export function hasDeletions(database: DatabaseSync): boolean {
  return database.prepare(`SELECT 1 FROM ${deletionLog} LIMIT 1`).get() !== undefined;
}
