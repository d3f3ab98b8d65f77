import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { recordOf } from "./foreign-news.ts";
import { isDamaged } from "./sqlite-error.ts";
import { createTable, quoted, tableNames } from "./tables.ts";
import { inTransaction } from "./transaction.ts";

type Row = Readonly<Record<string, SQLOutputValue>>;

/**
 * Copies every record that can still be read from a damaged database, of any schema, to an empty one.
 *
 * @returns the number of records.
 */
export function salvageRecords(damaged: DatabaseSync, whole: DatabaseSync): number {
  return inTransaction(whole, "write", () => {
    let records = 0;
    for (const collection of readableTables(damaged)) records += salvageTable(damaged, whole, collection);
    return records;
  });
}

function readableTables(damaged: DatabaseSync): readonly string[] {
  try {
    return tableNames(damaged);
  } catch (error) {
    if (isDamaged(error)) return [];
    throw error;
  }
}

function salvageTable(damaged: DatabaseSync, whole: DatabaseSync, collection: string): number {
  createTable(whole, collection);
  // In the place that it had in the order of writing.
  const put = whole.prepare(
    `INSERT OR REPLACE INTO ${quoted(collection)} (sequence, key, value, expires_at, written_at, checksum)
      VALUES (?, ?, ?, ?, ?, ?)`,
  );
  let records = 0;
  for (const row of readableRows(damaged, collection)) {
    const stored = recordOf(row);
    if (stored === undefined) continue;
    const { sequence = null, key = null, checksum = null } = row;
    put.run(sequence, key, stored.value, stored.expiresAt ?? null, stored.writtenAt, checksum);
    records++;
  }
  return records;
}

/** The rows on all pages that can be reached, in order. */
function* readableRows(database: DatabaseSync, collection: string): Iterable<Row> {
  const query = `SELECT * FROM ${quoted(collection)} WHERE sequence > ? ORDER BY sequence`;
  const last = largestSequence(database, collection);
  for (let after = 0; after < last; ) {
    try {
      for (const row of database.prepare(query).iterate(after)) {
        after = Number(row["sequence"]);
        yield row;
      }
      return;
    } catch (error) {
      if (!isDamaged(error)) throw error;
      const probe = database.prepare(`${query} LIMIT 1`);
      after = firstWhere(after, last, (start) => isReadable(() => probe.get(start)));
    }
  }
}

/** The number that no row is beyond; where it cannot be read, the largest that JavaScript counts to. */
function largestSequence(database: DatabaseSync, collection: string): number {
  try {
    const row = database.prepare("SELECT seq FROM sqlite_sequence WHERE name = ?").get(collection);
    return Number(row?.["seq"] ?? 0);
  } catch {
    return Number.MAX_SAFE_INTEGER;
  }
}

function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

/** The first number above `low`, where it does not hold, at which something holds, to `high`: by ever larger steps, then halves. */
function firstWhere(low: number, high: number, holds: (number: number) => boolean): number {
  let fails = low;
  let found = Math.min(low + 1, high);
  for (let step = 1; found < high && !holds(found); step *= 2) {
    fails = found;
    found = Math.min(found + step, high);
  }
  while (found - fails > 1) {
    const middle = Math.floor((fails + found) / 2);
    if (holds(middle)) found = middle;
    else fails = middle;
  }
  return found;
}
