import { StoreError, UsageError } from "@fairlead/core";
import type { Collection, CollectionOptions, StoreRecord } from "./contract.ts";

/** Records as a backend read them: keys and expiry at hand, values decoded when they are first asked for. */
export interface LoadedRecords {
  /** The one that was written longest ago first. */
  readonly keys: readonly string[];
  /** By index of the key; `null` when the record does not expire. */
  readonly expiresAt: readonly (number | null)[];
  /** The value at an index, or `undefined` when the record is damaged. */
  value(index: number): Uint8Array | undefined;
}

/** What a collection tells the store that it belongs to. */
export interface CollectionOwner {
  readonly now: () => number;
  readonly closed: boolean;
  put(collection: RecordCollection, record: StoreRecord): void;
  delete(collection: RecordCollection, key: string): void;
  clear(collection: RecordCollection): void;
  /** A record was dropped to keep within the bound. */
  evict(collection: RecordCollection, record: StoreRecord): void;
  /** A record was found expired. */
  expire(collection: RecordCollection): void;
  /** A record was found damaged. */
  drop(collection: RecordCollection, key: string): void;
  /** Settles who may have a record that is in the collection now. */
  take(collection: RecordCollection, record: StoreRecord): Promise<TakeOutcome>;
}

/** Whether a record is the caller's. */
export type TakeOutcome =
  | { readonly type: "taken"; readonly value: Uint8Array; readonly expiresAt: number | undefined }
  /** Somebody else has it. */
  | { readonly type: "gone" }
  /** Nobody can tell now. */
  | { readonly type: "unsure" };

/** Latest time that `Date` knows (ECMA-262 section 21.4.1.1), and what no expiry goes beyond. */
const latestTime = 8.64e15;

/** The records of a collection in memory, in the order of writing; the same for every backend. */
export class RecordCollection implements Collection {
  readonly name: string;
  readonly secret: boolean;
  readonly maxEntries: number;
  readonly #owner: CollectionOwner;
  readonly #loaded: LoadedRecords;
  /** A number is the index of a record that nobody has read yet. */
  readonly #records = new Map<string, StoreRecord | number>();
  /** Records that a caller asks for right now. */
  readonly #taking = new Set<StoreRecord>();

  constructor(name: string, options: CollectionOptions, owner: CollectionOwner, loaded: LoadedRecords) {
    this.name = name;
    this.secret = options.secret;
    this.maxEntries = options.maxEntries;
    this.#owner = owner;
    this.#loaded = loaded;
    const now = owner.now();
    loaded.keys.forEach((key, index) => {
      const expiresAt = loaded.expiresAt[index];
      if (typeof expiresAt !== "number" || expiresAt > now) this.#records.set(key, index);
    });
    if (this.#records.size < loaded.keys.length) owner.expire(this);
    this.#evict();
  }

  get size(): number {
    return this.#records.size;
  }

  get(key: string): StoreRecord | undefined {
    this.#assertOpen();
    const slot = this.#records.get(key);
    if (slot === undefined) return undefined;
    const record = typeof slot === "number" ? this.#decode(key, slot) : slot;
    if (record?.expiresAt === undefined || record.expiresAt > this.#owner.now()) return record;
    this.#records.delete(key);
    this.#owner.expire(this);
    return undefined;
  }

  entries(): Iterable<StoreRecord> {
    this.#assertOpen();
    return this.#entries([...this.#records.keys()]);
  }

  *#entries(keys: readonly string[]): Iterable<StoreRecord> {
    for (const key of keys) {
      const record = this.get(key);
      if (record !== undefined) yield record;
    }
  }

  set(key: string, value: Uint8Array, options: { readonly expiresAt?: number | undefined } = {}): void {
    this.#assertOpen();
    // Text reaches the disk as UTF-8, where a lone surrogate would become another key.
    if (!key.isWellFormed()) throw new UsageError("OPTION_INVALID", { operation: "set", detail: "key" });
    const expiresAt = normalizeExpiry(options.expiresAt);
    this.#records.delete(key);
    if (expiresAt !== undefined && expiresAt <= this.#owner.now()) {
      this.#owner.delete(this, key);
      return;
    }
    // A copy, because a view would keep alive, and post to the writing thread, the whole buffer that it is cut from.
    const record: StoreRecord = { key, value: new Uint8Array(value), expiresAt };
    this.#records.set(key, record);
    this.#owner.put(this, record);
    this.#evict();
  }

  delete(key: string): boolean {
    const existed = this.get(key) !== undefined;
    this.#records.delete(key);
    if (key.isWellFormed()) this.#owner.delete(this, key);
    return existed;
  }

  clear(): void {
    this.#assertOpen();
    this.#records.clear();
    this.#owner.clear(this);
  }

  async take(key: string): Promise<StoreRecord | undefined> {
    const record = this.get(key);
    if (record === undefined || this.#taking.has(record)) return undefined;
    this.#taking.add(record);
    const outcome = await this.#owner.take(this, record).finally(() => this.#taking.delete(record));
    if (outcome.type === "unsure") return undefined;
    // It may have been written anew while we asked.
    if (this.#records.get(key) === record) this.#records.delete(key);
    return outcome.type === "taken" ? { key, value: outcome.value, expiresAt: outcome.expiresAt } : undefined;
  }

  #decode(key: string, index: number): StoreRecord | undefined {
    const value = this.#loaded.value(index);
    if (value === undefined) {
      this.#records.delete(key);
      this.#owner.drop(this, key);
      return undefined;
    }
    const record: StoreRecord = { key, value, expiresAt: this.#loaded.expiresAt[index] ?? undefined };
    this.#records.set(key, record);
    return record;
  }

  #evict(): void {
    for (const [key, slot] of this.#records) {
      if (this.#records.size <= this.maxEntries) return;
      const record = typeof slot === "number" ? this.#decode(key, slot) : slot;
      this.#records.delete(key);
      if (record !== undefined) this.#owner.evict(this, record);
    }
  }

  #assertOpen(): void {
    if (this.#owner.closed) throw new StoreError("STORE_CLOSED", { operation: `use collection ${this.name}` });
  }
}

function normalizeExpiry(expiresAt: number | undefined): number | undefined {
  if (expiresAt === undefined) return undefined;
  if (Number.isNaN(expiresAt)) throw new UsageError("OPTION_INVALID", { operation: "set", detail: "expiresAt" });
  return Math.max(-latestTime, Math.min(latestTime, Math.floor(expiresAt)));
}
