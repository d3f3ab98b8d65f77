import type { DatabaseSync } from "node:sqlite";
import { assertFound } from "../batch-refused.ts";
import type { Batch, CollectionChanges, Requirement } from "../change-queue.ts";
import { deletionLog, trimDeletions } from "./deletion-log.ts";
import { checksumOf } from "./record-checksum.ts";
import { createTable, quoted, tableNames } from "./tables.ts";
import { inTransaction } from "./transaction.ts";
import type { WrittenRange } from "./written-range.ts";

/** Makes a connection one that a commit waits for the disk on, and that leaves nothing readable of what it deletes. */
export function makeDurable(database: DatabaseSync): void {
  database.exec("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
}

/**
 * Writes a batch in one transaction; when it returns, the batch is durable.
 *
 * A batch that changes nothing syncs nothing, so the log is moved into the database then, which makes durable what other
 * connections of this process have deleted without waiting.
 *
 * @returns the numbers of what the process knows already because it is its own: in tables of collections, what was put;
 * in the log of deletions, all but what went because there was too much.
 * @throws BatchRefused; and what SQLite throws.
 */
export function writeBatch(database: DatabaseSync, batch: Batch): readonly WrittenRange[] {
  const written = new WrittenRanges(database);
  inTransaction(database, "write", () => {
    for (const [collection, { requires }] of batch) if (requires) assertRequired(database, collection, requires);
    for (const [collection, changes] of batch) writeChanges(database, collection, changes, written);
    if (written.changes > 0) trimDeletions(database);
  });
  if (written.changes === 0) database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  return written.ranges;
}

function assertRequired(database: DatabaseSync, collection: string, { name, value }: Requirement): void {
  const found = tableNames(database).includes(collection)
    ? database.prepare(`SELECT value FROM ${quoted(collection)} WHERE key = ?`).get(name)?.["value"]
    : undefined;
  assertFound(found instanceof Uint8Array ? found : undefined, value);
}

function writeChanges(
  database: DatabaseSync,
  collection: string,
  changes: CollectionChanges,
  written: WrittenRanges,
): void {
  if (changes.requires !== undefined && changes.records.size === 0) return;
  createTable(database, collection);
  const table = `"${collection}"`;
  const run = (sql: string, ...values: number[]): void => {
    written.changes += Number(database.prepare(sql).run(...values).changes);
  };
  written.note([collection, deletionLog], () => {
    if (changes.clear) run(`DELETE FROM ${table}`);
    if (changes.purgeAt !== undefined) run(`DELETE FROM ${table} WHERE expires_at <= ?`, changes.purgeAt);
    written.changes += writeRecords(database, table, changes);
  });
  if (changes.trimTo !== undefined) {
    const oldestToGo = `SELECT sequence FROM ${table} ORDER BY sequence DESC LIMIT 1 OFFSET ?`;
    run(`DELETE FROM ${table} WHERE sequence <= (${oldestToGo})`, changes.trimTo);
  }
}

/** @returns the number of changes. */
function writeRecords(database: DatabaseSync, table: string, { records }: CollectionChanges): number {
  const put = database.prepare(
    `INSERT OR REPLACE INTO ${table} (key, value, expires_at, written_at, checksum) VALUES (?, ?, ?, ?, ?)`,
  );
  const remove = database.prepare(`DELETE FROM ${table} WHERE key = ?`);
  const evict = database.prepare(`DELETE FROM ${table} WHERE key = ? AND written_at = ?`);
  let changed = 0;
  for (const [name, change] of records) {
    switch (change.type) {
      case "put":
        if (change.replaces !== undefined && remove.run(change.replaces).changes === 0) break;
        put.run(name, change.value, change.expiresAt ?? null, change.writtenAt, checksumOf(name, change));
        changed++;
        break;
      case "delete":
        changed += Number(remove.run(name).changes);
        break;
      case "evict":
        changed += Number((change.only === undefined ? remove.run(name) : evict.run(name, change.only)).changes);
        break;
    }
  }
  return changed;
}

/** What a transaction has done so far. */
class WrittenRanges {
  readonly ranges: WrittenRange[] = [];
  changes = 0;
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Notes which numbers `write` gives in these tables. */
  note(tables: readonly string[], write: () => void): void {
    const last = this.#database.prepare("SELECT seq FROM sqlite_sequence WHERE name = ?");
    const numbers = (): readonly number[] => tables.map((table) => Number(last.get(table)?.["seq"] ?? 0));
    const before = numbers();
    write();
    const after = numbers();
    tables.forEach((table, index) => {
      const range = { table, first: (before[index] ?? 0) + 1, last: after[index] ?? 0 };
      if (range.first <= range.last) this.ranges.push(range);
    });
  }
}
