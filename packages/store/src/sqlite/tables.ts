import type { DatabaseSync } from "node:sqlite";

/** Names of the tables that are collections. */
export function tableNames(database: DatabaseSync): readonly string[] {
  const query = `SELECT name FROM sqlite_schema WHERE type = 'table'
    AND name NOT LIKE 'sqlite#_%' ESCAPE '#' AND name NOT LIKE 'fairlead#_%' ESCAPE '#'`;
  return database
    .prepare(query)
    .all()
    .map(({ name }) => String(name));
}

/**
 * Makes the table of a collection as it has to be, whatever there is: nothing, or what an older Fairlead has made.
 *
 * A record that is written again gets a new `sequence`, larger than all before it in any process: that is the order of
 * writing, and how a process finds what others have written. `checksum` tells damage. What is deleted is noted by a
 * trigger, so that it makes no difference who deletes: a batch, a taker, an older Fairlead, a person.
 */
export function createTable(database: DatabaseSync, collection: string): void {
  const table = quoted(collection);
  database.exec(
    `CREATE TABLE IF NOT EXISTS ${table} (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT NOT NULL UNIQUE,
      value BLOB NOT NULL,
      expires_at INTEGER,
      written_at INTEGER NOT NULL DEFAULT 0,
      checksum INTEGER NOT NULL
    ) STRICT`,
  );
  if (!isComplete(database, collection)) {
    database.exec(`ALTER TABLE ${table} ADD COLUMN written_at INTEGER NOT NULL DEFAULT 0`);
  }
  database.exec(
    `CREATE TRIGGER IF NOT EXISTS ${quoted(`${collection}_deleted`)} AFTER DELETE ON ${table} BEGIN
      INSERT INTO fairlead_deletions (collection, name, at)
        VALUES ('${collection.replaceAll("'", "''")}', old.key, unixepoch());
    END`,
  );
}

/** Whether the table of a collection has all columns; one that an older Fairlead has made lacks `written_at`. */
export function isComplete(database: DatabaseSync, collection: string): boolean {
  return database.prepare("SELECT 1 FROM pragma_table_info(?) WHERE name = 'written_at'").get(collection) !== undefined;
}

/** A name as SQL reads it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
