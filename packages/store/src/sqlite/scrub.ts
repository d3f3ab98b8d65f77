import type { DatabaseSync } from "node:sqlite";
import { forgetDeletions } from "./deletion-log.ts";

/**
 * Leaves nothing of what was deleted and replaced, in the database nor in its log: all pages are written anew, and then
 * moved over the old ones.
 *
 * @see https://www.sqlite.org/lang_vacuum.html
 * @throws what SQLite throws; and when another process reads what was.
 */
export function scrub(database: DatabaseSync): void {
  forgetDeletions(database);
  database.exec("VACUUM");
  if (database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()?.["busy"] !== 0) {
    throw new Error("another process is reading the database");
  }
}
