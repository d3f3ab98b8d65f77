import { decodeHead, encodeHead } from "@fairlead/http/cache";
import { joinRanges, type ByteRange } from "@fairlead/http/range";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { CachedHead, CacheEntry, CacheUsage } from "../cache-storage.ts";
import { DOOMED, KEPT, owner, WRITING } from "./cache-database.ts";
import type { RowForm } from "./row-form.ts";

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
  readonly #form: RowForm;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, form: RowForm) {
    this.#database = database;
    this.#form = form;
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
    const name = this.#form.nameOf(key);
    const rows = this.#prepare(`SELECT id, head, checksum FROM responses WHERE key = ? AND state = ${kept}`).all(name);
    return rows.flatMap(({ id, head, checksum }) => {
      const read = this.#form.readHead(Number(id), name, { content: head, checksum });
      return read === undefined ? [] : [{ ...decodeHead(read.head), id: Number(id) }];
    });
  }

  isKept(id: number): boolean {
    return this.#prepare(`SELECT 1 FROM responses WHERE id = ? AND state = ${kept}`).get(id) !== undefined;
  }

  /** Begins a response that nobody finds. */
  begin(key: string): number {
    const insert =
      "INSERT INTO responses (key, state, owner, head, checksum, bytes, used_at) VALUES (?, ?, ?, '', 0, 0, 0)";
    return Number(this.#prepare(insert).run(this.#form.nameOf(key), WRITING, owner).lastInsertRowid);
  }

  /** Makes it what is found; `false` when it is no longer there. */
  keep(id: number, { key, head, parts, bytes, usedAt }: ResponseRow, from: number): boolean {
    const { content, checksum } = this.#form.writeHead(id, key, encodeHead(head, parts));
    const update =
      "UPDATE responses SET state = ?, head = ?, checksum = ?, bytes = ?, used_at = ? WHERE id = ? AND state = ?";
    return this.#prepare(update).run(KEPT, content, checksum, bytes, usedAt, id, from).changes === 1;
  }

  addPiece(id: number, key: string, { first, bytes }: PieceRow): void {
    const { content, checksum } = this.#form.writePiece(this.#form.nameOf(key), first, bytes);
    const insert = "INSERT OR REPLACE INTO pieces (response, first, checksum, bytes) VALUES (?, ?, ?, ?)";
    this.#prepare(insert).run(id, first, checksum, content);
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
    const select = `SELECT first, pieces.bytes AS content, pieces.checksum AS checksum, key
      FROM pieces JOIN responses ON id = response WHERE response = ? AND first <= ? ORDER BY first DESC`;
    for (const row of this.#prepare(select).iterate(id, position)) {
      const { content, checksum } = row;
      const first = Number(row["first"]);
      if (!(content instanceof Uint8Array)) continue;
      if (first + content.length - this.#form.overheadBytes <= position) continue;
      const bytes = this.#form.readPiece(String(row["key"]), first, { content, checksum });
      return bytes && { first, bytes };
    }
    return undefined;
  }

  /** Which bytes are there. */
  parts(id: number): readonly ByteRange[] {
    const rows = this.#prepare("SELECT first, length(bytes) AS length FROM pieces WHERE response = ?").all(id);
    return joinRanges(
      rows.map(({ first, length }) => {
        const bytes = Number(length) - this.#form.overheadBytes;
        return { first: Number(first), last: Number(first) + bytes - 1 };
      }),
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
      .all(this.#form.nameOf(key))
      .map(({ id }) => Number(id));
  }

  allIds(): readonly number[] {
    return this.#prepare(`SELECT id FROM responses WHERE state = ${kept}`)
      .all()
      .map(({ id }) => Number(id));
  }

  keys(): readonly string[] {
    const rows = this.#prepare(`SELECT id, key, head, checksum FROM responses WHERE state = ${kept}`).all();
    const keys = rows.map(({ id, key, head, checksum }) =>
      this.#form.readHead(Number(id), String(key), { content: head, checksum }),
    );
    return [...new Set(keys.flatMap((read) => (read === undefined ? [] : [read.key])))];
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

  /** Has what is deleted meanwhile overwritten, in the file and in its log. */
  thoroughly(work: () => void): void {
    this.#database.exec("PRAGMA secure_delete = ON");
    try {
      work();
    } finally {
      this.#database.exec("PRAGMA secure_delete = OFF; PRAGMA wal_checkpoint(TRUNCATE)");
    }
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
