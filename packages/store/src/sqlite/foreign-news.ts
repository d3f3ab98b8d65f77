import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { CollectionNews, StoredRecord } from "../stored-record.ts";
import { deletionLog } from "./deletion-log.ts";
import { checksumOf } from "./record-checksum.ts";
import { quoted } from "./tables.ts";
import { inTransaction } from "./transaction.ts";
import { ReadPosition, type WrittenRange } from "./written-range.ts";

/** Records and deletions read at a time: less than a millisecond's work. */
const recordsPerRead = 256;

/** A collection that is followed. */
interface Followed {
  readonly position: ReadPosition;
  /** Made when there is something to read: the table may not be there yet. */
  changed?: StatementSync;
  present?: StatementSync;
}

/**
 * Finds what others have changed in a database since it was last asked: records by the growing numbers that writing gives
 * them, deletions by the log. Of every name that turns up it tells what is there now, so it does not matter in which order
 * the two are read.
 */
export class ForeignNews {
  readonly #database: DatabaseSync;
  readonly #ends: StatementSync;
  readonly #deleted: StatementSync;
  readonly #deletions: ReadPosition;
  readonly #collections = new Map<string, Followed>();
  #left = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#ends = database.prepare("SELECT name, seq FROM sqlite_sequence");
    this.#deleted = database.prepare(
      `SELECT sequence, collection, name FROM ${deletionLog} WHERE sequence > ? AND sequence < ? ORDER BY sequence LIMIT ?`,
    );
    this.#deletions = new ReadPosition(this.#readEnds().get(deletionLog) ?? 0);
  }

  /** Whether the last {@link take} has left something to read. */
  get hasMore(): boolean {
    return this.#left <= 0;
  }

  /** Follows a collection from here on. To be called in the transaction that reads its records. */
  follow(collection: string): void {
    this.#collections.set(collection, { position: new ReadPosition(this.#readEnds().get(collection) ?? 0) });
  }

  /** Leaves out what we have written ourselves. */
  skip(ranges: readonly WrittenRange[]): void {
    for (const range of ranges) {
      const position = range.table === deletionLog ? this.#deletions : this.#collections.get(range.table)?.position;
      position?.skip(range);
    }
  }

  /** The next news, by collection. In one transaction, so that all of it is of one moment. */
  take(): ReadonlyMap<string, CollectionNews> {
    this.#left = recordsPerRead;
    return inTransaction(this.#database, "read", () => {
      const ends = this.#readEnds();
      const records = new Map<string, Map<string, StoredRecord | undefined>>();
      const isBehind = !this.#readDeletions(ends.get(deletionLog) ?? 0, records);
      const complete = new Set<string>();
      for (const [collection, followed] of this.#collections) {
        const end = ends.get(collection) ?? 0;
        if (isBehind || followed.position.isBeyond(end)) {
          records.set(collection, this.#readAll(collection, end));
          followed.position.readTo(end);
          complete.add(collection);
        } else {
          this.#readChanged(collection, followed, end, records);
        }
      }
      return new Map(
        Array.from(records, ([name, news]) => [name, { complete: complete.has(name), records: news }] as const),
      );
    });
  }

  /** @returns whether the log still had all that we have not read. */
  #readDeletions(end: number, news: Map<string, Map<string, StoredRecord | undefined>>): boolean {
    const position = this.#deletions;
    let isWhole = !position.isBeyond(end);
    for (let gap = position.unread(end); isWhole && gap !== undefined && this.#left > 0; gap = position.unread(end)) {
      const rows = this.#deleted.all(gap.after, gap.before, this.#left);
      // Numbers have no holes but where the log was trimmed.
      isWhole = rows[0]?.["sequence"] === gap.after + 1;
      for (const { collection, name } of rows) this.#readDeleted(String(collection), String(name), news);
      this.#left -= rows.length;
      position.readTo(gap.after + rows.length);
    }
    if (!isWhole) position.readTo(end);
    return isWhole;
  }

  #readDeleted(collection: string, name: string, news: Map<string, Map<string, StoredRecord | undefined>>): void {
    const followed = this.#collections.get(collection);
    if (followed === undefined) return;
    followed.present ??= this.#database.prepare(`SELECT 1 FROM ${quoted(collection)} WHERE key = ?`);
    // When it is there again, it comes, or came, with what was written.
    if (followed.present.get(name) === undefined) newsOf(news, collection).set(name, undefined);
  }

  #readChanged(
    collection: string,
    followed: Followed,
    end: number,
    news: Map<string, Map<string, StoredRecord | undefined>>,
  ): void {
    const { position } = followed;
    for (let gap = position.unread(end); gap !== undefined && this.#left > 0; gap = position.unread(end)) {
      followed.changed ??= this.#database.prepare(
        `SELECT * FROM ${quoted(collection)} WHERE sequence > ? AND sequence < ? ORDER BY sequence LIMIT ?`,
      );
      const limit = this.#left;
      const rows = followed.changed.all(gap.after, gap.before, limit);
      for (const row of rows) {
        const stored = recordOf(row);
        if (stored !== undefined) newsOf(news, collection).set(String(row["key"]), stored);
      }
      this.#left -= rows.length;
      position.readTo(rows.length < limit ? gap.before - 1 : Number(rows.at(-1)?.["sequence"]));
    }
  }

  #readAll(collection: string, end: number): Map<string, StoredRecord | undefined> {
    const records = new Map<string, StoredRecord | undefined>();
    if (end === 0) return records;
    for (const row of this.#database.prepare(`SELECT * FROM ${quoted(collection)} ORDER BY sequence`).iterate()) {
      const stored = recordOf(row);
      if (stored !== undefined) records.set(String(row["key"]), stored);
    }
    return records;
  }

  #readEnds(): ReadonlyMap<string, number> {
    return new Map(this.#ends.all().map(({ name, seq }) => [String(name), Number(seq)]));
  }
}

function newsOf<News>(news: Map<string, Map<string, News>>, collection: string): Map<string, News> {
  let records = news.get(collection);
  if (records === undefined) {
    records = new Map();
    news.set(collection, records);
  }
  return records;
}

/** The record in a row; `undefined` when it is damaged. */
export function recordOf(row: Readonly<Record<string, unknown>>): StoredRecord | undefined {
  const { key, value, expires_at: expiresAt, written_at: writtenAt, checksum } = row;
  if (!(value instanceof Uint8Array)) return undefined;
  const stored = {
    value,
    expiresAt: typeof expiresAt === "number" ? expiresAt : undefined,
    // An older Fairlead has made the table.
    writtenAt: typeof writtenAt === "number" ? writtenAt : 0,
  };
  return checksumOf(String(key), stored) === checksum ? stored : undefined;
}
