import { isDamaged } from "@fairlead/store/sqlite";
import { joinRanges } from "@fairlead/http/range";
import {
  HEAD_LIMIT,
  headSize,
  VARIANTS_LIMIT,
  type CachedBody,
  type CachedHead,
  type CacheEntry,
  type CacheLimits,
  type CacheStorage,
  type CacheUsage,
  type CacheWriter,
} from "../cache-storage.ts";
import { KEPT, openCacheDatabase, setAside, WRITING } from "./cache-database.ts";
import { ResponseRows, type PieceRow } from "./response-rows.ts";
import { plainRows, type RowForm } from "./row-form.ts";
import { SqliteWriter, type Written } from "./sqlite-writer.ts";

/** Uses that are noted together. */
const TOUCHES_AT_ONCE = 64;
/** What goes at once when there is too much. */
const EVICTED_SHARE = 0.1;
const NONE: readonly CacheEntry[] = [];
const EMPTY = new Uint8Array(0);

/** Keeps responses in an SQLite database, which several processes may share. */
export class SqliteCacheStorage implements CacheStorage {
  readonly #path: string;
  readonly #limits: CacheLimits;
  readonly #now: () => number;
  readonly #form: RowForm;
  /** `undefined` once it could not be opened again. */
  #rows: ResponseRows | undefined;
  #file: string;
  #usage: CacheUsage;
  /** Bytes of responses that are being written. */
  #writing = 0;
  /** How many read a response. */
  readonly #readers = new Map<number, number>();
  #touched = new Map<number, number>();

  /** @throws what opening the database throws twice. */
  constructor(path: string, limits: CacheLimits, now: () => number, form = plainRows) {
    this.#path = path;
    this.#form = form;
    this.#limits = limits;
    this.#now = now;
    const { file, rows } = this.#open();
    this.#file = file;
    this.#rows = rows;
    this.#usage = rows.usage();
  }

  find(key: string): readonly CacheEntry[] {
    return this.#try((rows) => rows.find(key)) ?? NONE;
  }

  open(entry: CacheEntry): CachedBody | undefined {
    return this.#try((rows) => {
      const [part] = entry.parts;
      const piece = part === undefined ? { first: 0, bytes: EMPTY } : rows.piece(entry.id, part.first);
      if (piece === undefined || !rows.isKept(entry.id)) return undefined;
      this.#touched.set(entry.id, this.#now());
      if (this.#touched.size >= TOUCHES_AT_ONCE) this.#noteUses(rows);
      return this.#reader(entry.id, piece);
    });
  }

  write(key: string, position: number, length: number | undefined): CacheWriter | undefined {
    if (this.#rows === undefined || (length !== undefined && length > this.#limits.maxResponseBytes)) return undefined;
    return new SqliteWriter(position, {
      reserve: (bytes, total) => this.#reserve(bytes, total),
      release: (bytes) => {
        this.#writing -= bytes;
      },
      addPiece: (id, piece) =>
        this.#try((rows) =>
          rows.transaction(() => {
            const named = id ?? rows.begin(key);
            rows.addPiece(named, key, piece);
            return named;
          }),
        ),
      piece: (id, at) => this.#try((rows) => rows.piece(id, at)),
      forget: (id) => this.#try((rows) => rows.transaction(() => rows.forget(id, false))),
      commit: (written, head, replaced, joined) => this.#commit(key, written, head, replaced, joined),
      reader: (id) => this.#reader(id, undefined),
    });
  }

  update(key: string, entry: CacheEntry, head: CachedHead): CacheEntry | undefined {
    const { parts, id } = entry;
    const bytes = headSize(head) + sizeOf(parts);
    const isDone = this.#try((rows) => rows.keep(id, { key, head, parts, bytes, usedAt: this.#now() }, KEPT));
    return isDone === true ? { ...head, id, parts } : undefined;
  }

  delete(key: string, entry?: CacheEntry): void {
    this.#try((rows) => {
      const ids = rows.idsOf(key).filter((id) => entry === undefined || id === entry.id);
      if (ids.length > 0) rows.transaction(() => this.#forget(rows, ids));
    });
  }

  thoroughly(work: () => void): void {
    this.#try((rows) => {
      rows.thoroughly(work);
    });
  }

  keys(): readonly string[] {
    return this.#try((rows) => rows.keys()) ?? [];
  }

  usage(): CacheUsage {
    return (this.#usage = this.#try((rows) => rows.usage()) ?? { entries: 0, bytes: 0 });
  }

  clear(): void {
    this.#touched.clear();
    this.#try((rows) => {
      rows.transaction(() => this.#forget(rows, rows.allIds()));
      rows.vacuum();
    });
    this.usage();
  }

  close(): void {
    this.#try((rows) => {
      this.#noteUses(rows);
    });
    this.#rows?.close();
    this.#rows = undefined;
  }

  #open(): { file: string; rows: ResponseRows } {
    const { maxBytes } = this.#limits;
    try {
      const { file, database } = openCacheDatabase(this.#path, maxBytes, this.#form.sealId);
      return { file, rows: new ResponseRows(database, this.#form) };
    } catch (error) {
      if (!isDamaged(error)) throw error;
      setAside(this.#path);
      const { file, database } = openCacheDatabase(this.#path, maxBytes, this.#form.sealId);
      return { file, rows: new ResponseRows(database, this.#form) };
    }
  }

  /** Does what the disk allows: a cache that fails is no error of a request. */
  #try<Result>(work: (rows: ResponseRows) => Result): Result | undefined {
    const rows = this.#rows;
    if (rows === undefined) return undefined;
    try {
      return work(rows);
    } catch (error) {
      if (isDamaged(error)) this.#replace(rows);
      return undefined;
    }
  }

  #replace(damaged: ResponseRows): void {
    this.#rows = undefined;
    try {
      damaged.close();
      setAside(this.#file);
      const { file, rows } = this.#open();
      this.#file = file;
      this.#rows = rows;
      this.#readers.clear();
    } catch {
      // Without a database nothing is kept, and everything goes on.
    }
  }

  #reader(id: number, known: PieceRow | undefined): CachedBody {
    let piece = known;
    let isOpen = true;
    this.#readers.set(id, (this.#readers.get(id) ?? 0) + 1);
    return {
      read: (position) => {
        const isHeld = piece !== undefined && piece.first <= position && position < piece.first + piece.bytes.length;
        if (!isHeld) piece = this.#try((rows) => rows.piece(id, position));
        const found = piece;
        // Each row is handed over once, and is nobody else's.
        piece = undefined;
        return found?.bytes.subarray(position - found.first);
      },
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        this.#leave(id);
      },
    };
  }

  #leave(id: number): void {
    const others = (this.#readers.get(id) ?? 1) - 1;
    if (others > 0) {
      this.#readers.set(id, others);
      return;
    }
    this.#readers.delete(id);
    this.#try((rows) => {
      if (rows.isDoomed(id)) rows.transaction(() => rows.forget(id, false));
    });
  }

  #reserve(bytes: number, total: number): boolean {
    const { maxBytes, maxResponseBytes } = this.#limits;
    if (total > maxResponseBytes || this.#writing + bytes > maxBytes / 2) return false;
    this.#writing += bytes;
    return true;
  }

  #commit(
    key: string,
    { id, last }: Written,
    head: CachedHead,
    replaced: readonly CacheEntry[],
    joined: CacheEntry | undefined,
  ): CacheEntry | undefined {
    const headBytes = headSize(head);
    if (headBytes > HEAD_LIMIT) return undefined;
    return this.#try((rows) => {
      const entry = rows.transaction(() => {
        const named = id ?? rows.begin(key);
        if (last !== undefined) rows.addPiece(named, key, last);
        if (joined !== undefined && rows.isKept(joined.id)) {
          rows.takePieces(named, joined.id, this.#readers.has(joined.id));
        }
        this.#forget(
          rows,
          replaced.map((each) => each.id),
        );
        const parts = rows.parts(named);
        const bytes = headBytes + sizeOf(parts);
        if (!rows.keep(named, { key, head, parts, bytes, usedAt: this.#now() }, WRITING)) return undefined;
        this.#forget(rows, rows.idsOf(key).slice(VARIANTS_LIMIT));
        this.#usage = { entries: this.#usage.entries + 1, bytes: this.#usage.bytes + bytes };
        return { ...head, id: named, parts };
      });
      this.#noteUses(rows);
      this.#evict(rows);
      return entry;
    });
  }

  /** Keeps within the bounds. What is counted here may be more than there is, and is then counted anew. */
  #evict(rows: ResponseRows): void {
    const { maxBytes, maxEntries } = this.#limits;
    const isTooMuch = ({ bytes, entries }: CacheUsage, share: number): boolean =>
      bytes > maxBytes * share || entries > maxEntries * share;
    if (!isTooMuch(this.#usage, 1)) return;
    let usage = rows.usage();
    if (isTooMuch(usage, 1)) {
      while (isTooMuch(usage, 1 - EVICTED_SHARE)) {
        const [oldest, ...others] = rows.leastUsed(64);
        if (oldest === undefined) break;
        rows.transaction(() => {
          for (const { id, bytes } of [oldest, ...others]) {
            if (!isTooMuch(usage, 1 - EVICTED_SHARE)) return;
            this.#forget(rows, [id]);
            usage = { entries: usage.entries - 1, bytes: usage.bytes - bytes };
          }
        });
      }
    }
    this.#usage = usage;
  }

  #forget(rows: ResponseRows, ids: readonly number[]): void {
    for (const id of ids) rows.forget(id, this.#readers.has(id));
  }

  #noteUses(rows: ResponseRows): void {
    if (this.#touched.size === 0) return;
    const touched = this.#touched;
    this.#touched = new Map();
    rows.transaction(() => {
      for (const [id, usedAt] of touched) rows.touch(id, usedAt);
    });
  }
}

function sizeOf(parts: CacheEntry["parts"]): number {
  return joinRanges(parts).reduce((sum, { first, last }) => sum + last - first + 1, 0);
}
