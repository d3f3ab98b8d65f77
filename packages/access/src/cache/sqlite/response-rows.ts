import { decodeHead, encodeHead } from "@fairlead/http/cache";
import { joinRanges, type ByteRange } from "@fairlead/http/range";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import type { CachedHead, CacheEntry, CacheUsage } from "../cache-storage.ts";
import { DOOMED, KEPT, owner, WRITING } from "./cache-database.ts";

/** What of a response is a row, beside its bytes. */
export interface ResponseRow {
  readonly key: string;
  readonly head: CachedHead;
  readonly parts: readonly ByteRange[];
  /** Its bytes and its head. */
  readonly bytes: number;
  readonly usedAt: number;
}

/** Bytes of a representation from a position on. */
export interface PieceRow {
  readonly first: number;
  readonly bytes: Uint8Array;
}

/** The statements of a cache. What SQLite throws is for the caller. */
export class ResponseRows {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Does all of it, or nothing. */
  transaction<Result>(work: () => Result): Result {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      // Some failures, such as a full disk, have rolled it back already.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** What is kept under a key; a damaged head is none. */
  find(key: string): CacheEntry[] {
    const rows = this.#prepare(`SELECT id, head, checksum FROM responses WHERE key = ? AND state = ${kept}`).all(key);
    return rows.flatMap(({ id, head, checksum }) => {
      const text = String(head);
      return crc32(text) === checksum ? [{ ...decodeHead(text), id: Number(id) }] : [];
    });
  }

  isKept(id: number): boolean {
    return this.#prepare(`SELECT 1 FROM responses WHERE id = ? AND state = ${kept}`).get(id) !== undefined;
  }

  /** Begins a response that nobody finds. */
  begin(key: string): number {
    const insert =
      "INSERT INTO responses (key, state, owner, head, checksum, bytes, used_at) VALUES (?, ?, ?, '', 0, 0, 0)";
    return Number(this.#prepare(insert).run(key, WRITING, owner).lastInsertRowid);
  }

  /** Makes it what is found; `false` when it is no longer there. */
  keep(id: number, { head, parts, bytes, usedAt }: Omit<ResponseRow, "key">, from: number): boolean {
    const text = encodeHead(head, parts);
    const update =
      "UPDATE responses SET state = ?, head = ?, checksum = ?, bytes = ?, used_at = ? WHERE id = ? AND state = ?";
    return this.#prepare(update).run(KEPT, text, crc32(text), bytes, usedAt, id, from).changes === 1;
  }

  addPiece(id: number, { first, bytes }: PieceRow): void {
    const insert = "INSERT OR REPLACE INTO pieces (response, first, checksum, bytes) VALUES (?, ?, ?, ?)";
    this.#prepare(insert).run(id, first, crc32(bytes), bytes);
  }

  /** Gives a response the pieces of another that it has not; copies them where the other is still being read. */
  takePieces(id: number, from: number, isRead: boolean): void {
    this.#prepare(
      isRead
        ? "INSERT OR IGNORE INTO pieces (response, first, checksum, bytes) SELECT ?, first, checksum, bytes FROM pieces WHERE response = ?"
        : "UPDATE OR IGNORE pieces SET response = ? WHERE response = ?",
    ).run(id, from);
  }

  /** The piece that holds a position; `undefined` where there is none, or it is damaged. */
  piece(id: number, position: number): PieceRow | undefined {
    const select = "SELECT first, bytes, checksum FROM pieces WHERE response = ? AND first <= ? ORDER BY first DESC";
    for (const { first, bytes, checksum } of this.#prepare(select).iterate(id, position)) {
      if (!(bytes instanceof Uint8Array) || Number(first) + bytes.length <= position) continue;
      return crc32(bytes) === checksum ? { first: Number(first), bytes } : undefined;
    }
    return undefined;
  }

  /** Which bytes are there. */
  parts(id: number): readonly ByteRange[] {
    const rows = this.#prepare("SELECT first, length(bytes) AS length FROM pieces WHERE response = ?").all(id);
    return joinRanges(
      rows.map(({ first, length }) => ({ first: Number(first), last: Number(first) + Number(length) - 1 })),
    );
  }

  /** Forgets a response; its bytes stay while it is read. */
  forget(id: number, isRead: boolean): void {
    if (isRead) {
      this.#prepare("UPDATE responses SET state = ?, owner = ? WHERE id = ?").run(DOOMED, owner, id);
    } else {
      this.#prepare("DELETE FROM pieces WHERE response = ?").run(id);
      this.#prepare("DELETE FROM responses WHERE id = ?").run(id);
    }
  }

  isDoomed(id: number): boolean {
    return this.#prepare(`SELECT 1 FROM responses WHERE id = ? AND state = ${String(DOOMED)}`).get(id) !== undefined;
  }

  idsOf(key: string): readonly number[] {
    const select = `SELECT id FROM responses WHERE key = ? AND state = ${kept} ORDER BY used_at DESC, id DESC`;
    return this.#prepare(select)
      .all(key)
      .map(({ id }) => Number(id));
  }

  allIds(): readonly number[] {
    return this.#prepare(`SELECT id FROM responses WHERE state = ${kept}`)
      .all()
      .map(({ id }) => Number(id));
  }

  keys(): readonly string[] {
    return this.#prepare(`SELECT DISTINCT key FROM responses WHERE state = ${kept}`)
      .all()
      .map(({ key }) => String(key));
  }

  leastUsed(count: number): readonly { readonly id: number; readonly bytes: number }[] {
    return this.#prepare(`SELECT id, bytes FROM responses WHERE state = ${kept} ORDER BY used_at, id LIMIT ?`)
      .all(count)
      .map(({ id, bytes }) => ({ id: Number(id), bytes: Number(bytes) }));
  }

  touch(id: number, usedAt: number): void {
    this.#prepare("UPDATE responses SET used_at = ? WHERE id = ?").run(usedAt, id);
  }

  usage(): CacheUsage {
    const select = `SELECT count(*) AS entries, coalesce(sum(bytes), 0) AS bytes FROM responses WHERE state = ${kept}`;
    const row = this.#prepare(select).get();
    return { entries: Number(row?.["entries"]), bytes: Number(row?.["bytes"]) };
  }

  /** Overwrites what was deleted. */
  vacuum(): void {
    this.#database.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

const kept = String(KEPT);
