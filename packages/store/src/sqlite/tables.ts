import type { DatabaseSync } from "node:sqlite";

/** Names of all tables but SQLite's own: one table is one collection. */
export function tableNames(database: DatabaseSync): readonly string[] {
  const query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite#_%' ESCAPE '#'";
  return database
    .prepare(query)
    .all()
    .map(({ name }) => String(name));
}

/**
 * Makes the table of a collection if there is none.
 *
 * A record that is written again gets a new `sequence`, larger than all before it in any process: that is the order of
 * writing, and how a process will find what others have written. `checksum` tells damage.
 */
export function createTable(database: DatabaseSync, collection: string): void {
  database.exec(
    `CREATE TABLE IF NOT EXISTS "${collection}" (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT NOT NULL UNIQUE,
      value BLOB NOT NULL,
      expires_at INTEGER,
      written_at INTEGER NOT NULL DEFAULT 0,
      checksum INTEGER NOT NULL
    ) STRICT`,
  );
}
