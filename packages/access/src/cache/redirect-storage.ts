import {
  decodeRedirects,
  describeRedirects,
  encodeHead,
  encodeRedirects,
  redirectExpiry,
  type CachedHead,
  type CacheType,
  type PermanentRedirect,
} from "@fairlead/http/cache";
import type { Collection, Store } from "@fairlead/store";
import { openCollection } from "../memory/collections.ts";
import type { LostLessons } from "../memory/lost-lessons.ts";
import type { CachedBody, CacheEntry, CacheStorage, CacheUsage, CacheWriter } from "./cache-storage.ts";

/** Redirects of one URL. */
const VARIANTS_LIMIT = 4;
/** Bytes of a redirect's content: a line for those who do not follow it. */
const CONTENT_LIMIT_BYTES = 4_096;
/** Characters of a head. */
const HEAD_LIMIT = 8_192;

/** Keeps permanent redirects among what a manager remembers, over restarts, for as long as they are fresh. */
export class RedirectStorage implements CacheStorage {
  readonly #records: Collection;
  readonly #type: CacheType;
  readonly #lessons: LostLessons;
  readonly #now: () => number;

  constructor(store: Store, type: CacheType, now: () => number, lessons: LostLessons) {
    this.#records = openCollection(store, "permanent-redirects");
    this.#type = type;
    this.#now = now;
    this.#lessons = lessons;
  }

  find(key: string): readonly CacheEntry[] {
    if (this.#records.size === 0) return NONE;
    const record = this.#records.get(key);
    return record === undefined ? NONE : readKept(record.value);
  }

  open(entry: CacheEntry): CachedBody | undefined {
    const { content } = entry as KeptRedirect;
    return {
      read: (position) => (position < content.length ? Buffer.from(content.subarray(position)) : undefined),
      close: () => undefined,
    };
  }

  write(key: string, position: number, length: number | undefined): CacheWriter | undefined {
    if (position !== 0 || (length ?? 0) > CONTENT_LIMIT_BYTES) return undefined;
    let content = Buffer.alloc(0);
    return {
      append: (chunk) => {
        if (content.length + chunk.length > CONTENT_LIMIT_BYTES) return false;
        content = Buffer.concat([content, chunk]);
        return true;
      },
      read: (at) => (at < content.length ? Buffer.from(content.subarray(at)) : undefined),
      commit: (head, replaced) => this.#keep(key, head, content, replaced),
      close: () => undefined,
    };
  }

  update(key: string, entry: CacheEntry, head: CachedHead): CacheEntry | undefined {
    return this.#keep(key, head, (entry as KeptRedirect).content, [entry]);
  }

  delete(key: string, entry?: CacheEntry): void {
    const others = entry === undefined ? [] : this.#others(key, [entry]);
    this.#lessons.guard(() => {
      this.#set(key, others);
    });
  }

  keys(): readonly string[] {
    return Array.from(this.#records.entries(), ({ key }) => key);
  }

  usage(): CacheUsage {
    return { entries: this.#records.size, bytes: 0 };
  }

  clear(): void {
    this.#lessons.guard(() => {
      this.#records.clear();
    });
  }

  close(): void {
    // The store is its owner's.
  }

  /** What is known, and still fresh. */
  list(): readonly PermanentRedirect[] {
    return [...this.#records.entries()].flatMap(({ key, value }) =>
      describeRedirects(key, decoder.decode(value), this.#type),
    );
  }

  /** Forgets the redirects of a URL, in every partition. */
  forget(url: string): void {
    this.#lessons.guard(() => {
      for (const { key } of this.#records.entries()) if (key.endsWith(` ${url}`)) this.#records.delete(key);
    });
  }

  #keep(key: string, head: CachedHead, content: Uint8Array, replaced: readonly CacheEntry[]): CacheEntry | undefined {
    const others = this.#others(key, replaced);
    const id = 1 + Math.max(0, ...others.map((each) => each.id));
    const parts = content.length === 0 ? [] : [{ first: 0, last: content.length - 1 }];
    const kept: KeptRedirect = { ...head, parts, id, content };
    if (encodeHead(head, parts).length > HEAD_LIMIT) return undefined;
    this.#lessons.guard(() => {
      this.#set(key, [...others, kept].slice(-VARIANTS_LIMIT));
    });
    return kept;
  }

  #others(key: string, without: readonly CacheEntry[]): readonly KeptRedirect[] {
    const ids = new Set(without.map(({ id }) => id));
    return (this.find(key) as readonly KeptRedirect[]).filter(({ id }) => !ids.has(id));
  }

  #set(key: string, kept: readonly KeptRedirect[]): void {
    const expiresAt = Math.max(0, ...kept.map((each) => redirectExpiry(each, this.#type)));
    if (kept.length === 0 || expiresAt <= this.#now()) this.#records.delete(key);
    else this.#records.set(key, writeKept(kept), { expiresAt });
  }
}

const NONE: readonly KeptRedirect[] = [];
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A redirect with what its server wrote to those who do not follow. */
interface KeptRedirect extends CacheEntry {
  readonly content: Uint8Array;
}

function writeKept(kept: readonly KeptRedirect[]): Uint8Array {
  const redirects = kept.map((each) => ({ ...each, content: Buffer.from(each.content).toString("base64") }));
  return encoder.encode(encodeRedirects(redirects));
}

function readKept(value: Uint8Array): readonly KeptRedirect[] {
  const redirects = decodeRedirects(decoder.decode(value));
  return redirects.map((each) => ({ ...each, content: Buffer.from(each.content, "base64") }));
}
