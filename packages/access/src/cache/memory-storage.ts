import { joinRanges, type ByteRange } from "@fairlead/http/range";
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
} from "./cache-storage.ts";

/** What a piece takes beside its bytes: a server that sends one byte at a time must not get around the bound. */
const PIECE_OVERHEAD_BYTES = 128;
/** Bytes of a response up to which its pieces are joined into one. */
const JOIN_LIMIT_BYTES = 256 * 1024;

/** Keeps responses in memory. */
export class MemoryCacheStorage implements CacheStorage {
  readonly #limits: CacheLimits;
  readonly #byKey = new Map<string, Kept[]>();
  /** The one that was used longest ago first. */
  readonly #byUse = new Map<number, Kept>();
  #bytes = 0;
  /** Bytes of responses that are being written. */
  #writing = 0;
  #nextId = 1;

  constructor(limits: CacheLimits) {
    this.#limits = limits;
  }

  find(key: string): readonly CacheEntry[] {
    const kept = this.#byKey.get(key);
    return kept === undefined ? NONE : kept.map(({ entry }) => entry);
  }

  open(entry: CacheEntry): CachedBody | undefined {
    const kept = this.#byUse.get(entry.id);
    if (kept === undefined) return undefined;
    this.#byUse.delete(entry.id);
    this.#byUse.set(entry.id, kept);
    return kept.body;
  }

  write(key: string, position: number, length: number | undefined): CacheWriter | undefined {
    if (length !== undefined && length > this.#limits.maxResponseBytes) return undefined;
    return new MemoryWriter(position, {
      reserve: (bytes, total) => this.#reserve(bytes, total),
      release: (bytes) => {
        this.#writing -= bytes;
      },
      commit: (body, head, replaced, joined) => this.#commit(key, body, head, replaced, joined),
    });
  }

  update(key: string, entry: CacheEntry, head: CachedHead): CacheEntry | undefined {
    const kept = this.#byUse.get(entry.id);
    if (kept?.key !== key) return undefined;
    const updated = { ...head, id: entry.id, parts: kept.entry.parts };
    this.#resize(kept, headSize(head) + kept.body.size);
    kept.entry = updated;
    return updated;
  }

  delete(key: string, entry?: CacheEntry): void {
    for (const kept of [...(this.#byKey.get(key) ?? [])]) {
      if (entry === undefined || kept.entry.id === entry.id) this.#remove(kept);
    }
  }

  usage(): CacheUsage {
    return { entries: this.#byUse.size, bytes: this.#bytes };
  }

  keys(): readonly string[] {
    return [...this.#byKey.keys()];
  }

  clear(): void {
    this.#byKey.clear();
    this.#byUse.clear();
    this.#bytes = 0;
  }

  close(): void {
    this.clear();
  }

  /** Makes room for bytes of a response of which there will be `total` then. What is being written takes half at the most. */
  #reserve(bytes: number, total: number): boolean {
    const { maxBytes, maxResponseBytes } = this.#limits;
    if (total > maxResponseBytes || this.#writing + bytes > maxBytes / 2) return false;
    this.#writing += bytes;
    this.#evict();
    return true;
  }

  #evict(): void {
    const { maxBytes, maxEntries } = this.#limits;
    for (const oldest of this.#byUse.values()) {
      if (this.#bytes + this.#writing <= maxBytes && this.#byUse.size <= maxEntries) return;
      this.#remove(oldest);
    }
  }

  #commit(
    key: string,
    body: PieceList,
    head: CachedHead,
    replaced: readonly CacheEntry[],
    joined: CacheEntry | undefined,
  ): CacheEntry | undefined {
    const size = headSize(head);
    const older = joined === undefined ? undefined : this.#byUse.get(joined.id);
    for (const each of replaced) this.delete(key, each);
    if (size > HEAD_LIMIT || (joined !== undefined && older === undefined)) return undefined;
    if (older !== undefined) {
      body.take(older.body);
      if (body.size > this.#limits.maxResponseBytes) return undefined;
    }
    const entry = { ...head, id: this.#nextId++, parts: body.parts };
    const kept: Kept = { key, entry, body, size: 0 };
    const variants = this.#byKey.get(key) ?? [];
    if (variants.length >= VARIANTS_LIMIT) this.#remove(this.#leastUsed(variants));
    this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), kept]);
    this.#byUse.set(entry.id, kept);
    this.#resize(kept, size + body.size);
    return this.#byUse.has(entry.id) ? entry : undefined;
  }

  #leastUsed(variants: readonly Kept[]): Kept {
    const among = new Set(variants);
    for (const kept of this.#byUse.values()) if (among.has(kept)) return kept;
    throw new Error("what is kept under a key is kept by use, too");
  }

  #resize(kept: Kept, size: number): void {
    this.#bytes += size - kept.size;
    kept.size = size;
    this.#evict();
  }

  #remove(kept: Kept): void {
    if (!this.#byUse.delete(kept.entry.id)) return;
    this.#bytes -= kept.size;
    const others = (this.#byKey.get(kept.key) ?? []).filter((each) => each !== kept);
    if (others.length === 0) this.#byKey.delete(kept.key);
    else this.#byKey.set(kept.key, others);
  }
}

const NONE: readonly CacheEntry[] = [];

interface Kept {
  readonly key: string;
  entry: CacheEntry;
  readonly body: PieceList;
  size: number;
}

interface Piece {
  readonly first: number;
  readonly bytes: Uint8Array;
}

/** Bytes in pieces. Whoever reads them holds them, whatever becomes of the entry. */
class PieceList implements CachedBody {
  /** By position, apart from each other. */
  #pieces: Piece[] = [];
  size = 0;

  get parts(): readonly ByteRange[] {
    return joinRanges(this.#pieces.map(rangeOf));
  }

  read(position: number): Uint8Array | undefined {
    const piece = this.#pieces[this.#indexOf(position)];
    if (piece === undefined || position > rangeOf(piece).last) return undefined;
    return Buffer.from(piece.bytes.subarray(position - piece.first));
  }

  close(): void {
    // Nothing is held but by reference.
  }

  /** Adds what follows. It is copied: a slice of the engine's buffer would hold all of that, and others may write to it. */
  add(first: number, chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#pieces.push({ first, bytes: Uint8Array.from(chunk) });
    this.size += chunk.length + PIECE_OVERHEAD_BYTES;
  }

  /** Joins the pieces of a small body that came in many. */
  compact(): void {
    const [head] = this.#pieces;
    const overhead = PIECE_OVERHEAD_BYTES * (this.#pieces.length - 1);
    if (head === undefined || overhead === 0 || this.size - overhead > JOIN_LIMIT_BYTES) return;
    // Not from Node's shared pool, which it would hold.
    this.#pieces = [
      { first: head.first, bytes: Uint8Array.from(Buffer.concat(this.#pieces.map(({ bytes }) => bytes))) },
    ];
    this.size -= overhead;
  }

  /** Adds the bytes of another body of the same representation, where they are missing. */
  take(other: PieceList): void {
    const held = this.parts;
    const news = other.#pieces.flatMap((piece) => missing(piece, held));
    this.#pieces = [...this.#pieces, ...news].sort((left, right) => left.first - right.first);
    for (const { bytes } of news) this.size += bytes.length + PIECE_OVERHEAD_BYTES;
  }

  /** Of the last piece that begins at the position or before. */
  #indexOf(position: number): number {
    let low = 0;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#pieces[middle]?.first ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function rangeOf({ first, bytes }: Piece): ByteRange {
  return { first, last: first + bytes.length - 1 };
}

/** What of a piece lies outside of ranges. */
function missing(piece: Piece, held: readonly ByteRange[]): Piece[] {
  const found: Piece[] = [];
  let { first } = piece;
  const { last } = rangeOf(piece);
  const add = (end: number): void => {
    const offset = first - piece.first;
    if (end >= first) found.push({ first, bytes: piece.bytes.subarray(offset, offset + end - first + 1) });
  };
  for (const part of held) {
    if (part.last < first || part.first > last) continue;
    add(part.first - 1);
    first = part.last + 1;
  }
  add(last);
  return found;
}

/** What a writer needs of its storage. */
interface WriterStorage {
  reserve(bytes: number, total: number): boolean;
  release(bytes: number): void;
  commit(
    body: PieceList,
    head: CachedHead,
    replaced: readonly CacheEntry[],
    joined: CacheEntry | undefined,
  ): CacheEntry | undefined;
}

class MemoryWriter implements CacheWriter {
  readonly #storage: WriterStorage;
  readonly #body = new PieceList();
  #position: number;
  #length = 0;
  #reserved = 0;
  #closed = false;

  constructor(position: number, storage: WriterStorage) {
    this.#position = position;
    this.#storage = storage;
  }

  append(chunk: Uint8Array): boolean {
    if (this.#closed) return false;
    const bytes = chunk.length + PIECE_OVERHEAD_BYTES;
    if (!this.#storage.reserve(bytes, this.#length + chunk.length)) return false;
    this.#reserved += bytes;
    this.#body.add(this.#position, chunk);
    this.#position += chunk.length;
    this.#length += chunk.length;
    return true;
  }

  read(position: number): Uint8Array | undefined {
    return this.#body.read(position);
  }

  commit(head: CachedHead, replaced: readonly CacheEntry[], joined?: CacheEntry): CacheEntry | undefined {
    if (this.#closed) return undefined;
    this.close();
    this.#body.compact();
    return this.#storage.commit(this.#body, head, replaced, joined);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#storage.release(this.#reserved);
    this.#reserved = 0;
  }
}
