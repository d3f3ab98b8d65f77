import type { DatabaseSync } from "node:sqlite";
import type { Batch, CollectionChanges } from "../change-queue.ts";
import { checksumOf } from "./record-checksum.ts";
import { createTable } from "./tables.ts";

/** Makes a connection one that a commit waits for the disk on. */
export function makeDurable(database: DatabaseSync): void {
  database.exec("PRAGMA synchronous = FULL");
}

/**
 * Writes a batch in one transaction; when it returns, the batch is durable.
 *
 * A batch that changes nothing syncs nothing, so the log is moved into the database then, which makes durable what other
 * connections of this process have deleted without waiting.
 */
export function writeBatch(database: DatabaseSync, batch: Batch): void {
  let changed = 0;
  database.exec("BEGIN IMMEDIATE");
  try {
    for (const [collection, changes] of batch) changed += writeChanges(database, collection, changes);
    database.exec("COMMIT");
  } catch (error) {
    // Some failures, such as a full disk, have rolled it back already.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
  if (changed === 0) database.exec("PRAGMA wal_checkpoint(PASSIVE)");
}

function writeChanges(database: DatabaseSync, collection: string, changes: CollectionChanges): number {
  createTable(database, collection);
  const table = `"${collection}"`;
  let changed = 0;
  const run = (sql: string, ...values: (string | number | Uint8Array | null)[]): void => {
    changed += Number(database.prepare(sql).run(...values).changes);
  };
  if (changes.clear) run(`DELETE FROM ${table}`);
  if (changes.purgeAt !== undefined) run(`DELETE FROM ${table} WHERE expires_at <= ?`, changes.purgeAt);
  const put = database.prepare(
    `INSERT OR REPLACE INTO ${table} (key, value, expires_at, written_at, checksum) VALUES (?, ?, ?, ?, ?)`,
  );
  const removeSql = `DELETE FROM ${table} WHERE key = ?`;
  const remove = database.prepare(removeSql);
  for (const [name, change] of changes.records) {
    switch (change.type) {
      case "put":
        put.run(name, change.value, change.expiresAt ?? null, change.writtenAt, checksumOf(name, change));
        changed++;
        break;
      case "delete":
        changed += Number(remove.run(name).changes);
        break;
      case "evict":
        if (change.only === undefined) changed += Number(remove.run(name).changes);
        else run(`${removeSql} AND written_at = ?`, name, change.only);
        break;
    }
  }
  if (changes.trimTo !== undefined) {
    const oldestToGo = `SELECT sequence FROM ${table} ORDER BY sequence DESC LIMIT 1 OFFSET ?`;
    run(`DELETE FROM ${table} WHERE sequence <= (${oldestToGo})`, changes.trimTo);
  }
  return changed;
}
