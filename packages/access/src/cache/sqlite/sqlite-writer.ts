import type { CachedBody, CachedHead, CacheEntry, CacheWriter } from "../cache-storage.ts";
import type { PieceRow } from "./response-rows.ts";

/** Bytes that are gathered for one row. */
const PIECE_BYTES = 256 * 1024;

/** What is written of a response so far, and what is still to be. */
export interface Written {
  readonly id: number | undefined;
  readonly last: PieceRow | undefined;
}

/** What a writer needs of its storage. */
export interface WriterStorage {
  reserve(bytes: number, total: number): boolean;
  release(bytes: number): void;
  /** @returns the response's number; `undefined` when it could not be written. */
  addPiece(id: number | undefined, piece: PieceRow): number | undefined;
  piece(id: number, position: number): PieceRow | undefined;
  forget(id: number): void;
  commit(
    written: Written,
    head: CachedHead,
    replaced: readonly CacheEntry[],
    joined: CacheEntry | undefined,
  ): CacheEntry | undefined;
  reader(id: number): CachedBody;
}

/** Gathers rows: of a body, no more than one is in memory. */
export class SqliteWriter implements CacheWriter {
  readonly #storage: WriterStorage;
  #id: number | undefined;
  /** The row that is being gathered, from here on. */
  #first: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #length = 0;
  #state: "writing" | "kept" | "closed" = "writing";
  /** Reads what is kept. */
  #reader: CachedBody | undefined;

  constructor(position: number, storage: WriterStorage) {
    this.#first = position;
    this.#storage = storage;
  }

  append(chunk: Uint8Array): boolean {
    if (this.#state !== "writing") return false;
    if (!this.#storage.reserve(chunk.length, this.#length + chunk.length)) return false;
    this.#length += chunk.length;
    this.#pending.push(Buffer.from(Uint8Array.from(chunk).buffer));
    this.#pendingBytes += chunk.length;
    return this.#pendingBytes < PIECE_BYTES || this.#flush();
  }

  read(position: number): Uint8Array | undefined {
    if (this.#reader !== undefined) return this.#reader.read(position);
    if (position >= this.#first) {
      const bytes = Buffer.concat(this.#pending).subarray(position - this.#first);
      return bytes.length === 0 ? undefined : bytes;
    }
    const piece = this.#id === undefined ? undefined : this.#storage.piece(this.#id, position);
    return piece?.bytes.subarray(position - piece.first);
  }

  commit(head: CachedHead, replaced: readonly CacheEntry[], joined?: CacheEntry): CacheEntry | undefined {
    if (this.#state !== "writing") return undefined;
    const last = this.#pendingBytes === 0 ? undefined : { first: this.#first, bytes: Buffer.concat(this.#pending) };
    const entry = this.#storage.commit({ id: this.#id, last }, head, replaced, joined);
    if (entry === undefined) return undefined;
    this.#state = "kept";
    this.#release();
    this.#reader = this.#storage.reader(entry.id);
    return entry;
  }

  close(): void {
    if (this.#state === "closed") return;
    if (this.#state === "writing") {
      this.#release();
      if (this.#id !== undefined) this.#storage.forget(this.#id);
    }
    this.#state = "closed";
    this.#reader?.close();
  }

  #flush(): boolean {
    const bytes = Buffer.concat(this.#pending);
    const id = this.#storage.addPiece(this.#id, { first: this.#first, bytes });
    if (id === undefined) return false;
    this.#id = id;
    this.#first += bytes.length;
    this.#pending = [];
    this.#pendingBytes = 0;
    return true;
  }

  #release(): void {
    this.#storage.release(this.#length);
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}
