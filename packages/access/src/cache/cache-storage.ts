import type { CachedHead, CachedResponse } from "@fairlead/http/cache";

export type { CachedHead };

/**
 * What keeps responses: one contract for memory and disk. Nothing here waits, and nothing throws for what a disk does: what
 * cannot be read is absent, and what cannot be written is not kept.
 */

/** A response that is kept. Never changed: what a 304 says makes another one. */
export interface CacheEntry extends CachedResponse {
  /** Names it within its storage. */
  readonly id: number;
}

/** Bytes of one entry, which stay as long as somebody reads them. */
export interface CachedBody {
  /** Bytes from a position on, as many as are convenient and the reader's own; `undefined` where there are none. */
  read(position: number): Uint8Array | undefined;
  /** Nobody reads any more. Closing twice is harmless. */
  close(): void;
}

/** Writes the content of one response. Nobody finds it before it is committed; a crash leaves nothing of it. */
export interface CacheWriter extends CachedBody {
  /** Takes the next bytes, which it copies; `false` when they do not fit, and nothing of the response is kept. */
  append(chunk: Uint8Array): boolean;
  /**
   * Makes it visible under its key in place of others, at once. What was written can still be read, until it is closed.
   *
   * @param replaced responses of the same key that go.
   * @param joined one of them, whose bytes are kept: they are of the same representation.
   * @returns `undefined` when it could not be kept.
   */
  commit(head: CachedHead, replaced: readonly CacheEntry[], joined?: CacheEntry): CacheEntry | undefined;
}

/** How much is kept. */
export interface CacheUsage {
  readonly entries: number;
  readonly bytes: number;
}

/** Keeps responses under keys, within bounds: past them what was used longest ago goes. */
export interface CacheStorage {
  find(key: string): readonly CacheEntry[];
  /** Takes note that it is used, and keeps its bytes until they are read; `undefined` when they are lost. */
  open(entry: CacheEntry): CachedBody | undefined;
  /**
   * Begins to write a response.
   *
   * @param position of the first byte that will come.
   * @param length of what will come, where it is known.
   * @returns `undefined` when it cannot be kept.
   */
  write(key: string, position: number, length: number | undefined): CacheWriter | undefined;
  /** Replaces what is said of a response, and keeps its bytes. */
  update(key: string, entry: CacheEntry, head: CachedHead): CacheEntry | undefined;
  /** Forgets all responses under a key, or one of them. */
  delete(key: string, entry?: CacheEntry): void;
  /** Does what deletes, so that nothing of that is left on a disk; a storage that has none does without. */
  thoroughly?(work: () => void): void;
  /** All keys under which there are responses. */
  keys(): readonly string[];
  usage(): CacheUsage;
  clear(): void;
  close(): void;
}

/** Bounds of a storage. */
export interface CacheLimits {
  readonly maxBytes: number;
  readonly maxEntries: number;
  /** Bytes of the largest response that is kept. */
  readonly maxResponseBytes: number;
}

/** Responses that are kept under one key; past this the one that was used longest ago goes. */
export const VARIANTS_LIMIT = 32;

/** Characters of a head that is kept, names included. */
export const HEAD_LIMIT = 64 * 1024;

/** What a head takes, about, in bytes. */
export function headSize({ fields, selectingFields, message }: CachedHead): number {
  let size = 256 + message.length;
  for (const [name, value] of fields) size += name.length + value.length + 16;
  for (const [name, value] of Object.entries(selectingFields)) size += name.length + (value?.length ?? 0) + 16;
  return size;
}
