import { StoreError, UsageError } from "@fairlead/core";
import type { Collection, CollectionOptions, ForeignChange, StoreRecord, WriteOptions } from "./contract.ts";
import type { RecordSeal } from "./record-seal.ts";
import { expiryOf, isExpired, writingTimeOf } from "./record-times.ts";
import type { CollectionNews, LoadedRecords, StoredRecord, TakeOutcome } from "./stored-record.ts";

/** What a collection tells the store that it belongs to. */
export interface CollectionOwner {
  readonly now: () => number;
  readonly closed: boolean;
  readonly seal: RecordSeal;
  put(collection: RecordCollection, name: string, stored: StoredRecord): void;
  delete(collection: RecordCollection, name: string, key: string): void;
  clear(collection: RecordCollection): void;
  /** A record was dropped to keep within the bound. */
  evict(collection: RecordCollection, name: string, writtenAt: number): void;
  /** A record was found expired. */
  expire(collection: RecordCollection): void;
  /** A record was found damaged. */
  drop(collection: RecordCollection, name: string): void;
  /** Settles who may have a record that is in the collection now. */
  take(collection: RecordCollection, name: string): Promise<TakeOutcome>;
  /** A record that is not in the collection but may be behind. */
  find(collection: RecordCollection, name: string): Promise<StoredRecord | undefined>;
}

/** A record by its stored name, or its index where nobody has read it yet. */
type Slot = [name: string, record: StoreRecord | number];

/** The records of a collection in memory, in the order of writing; the same for every backend. */
export class RecordCollection implements Collection {
  readonly name: string;
  readonly secret: boolean;
  readonly maxEntries: number;
  readonly #maxBytes: number;
  readonly #maxAge: number;
  readonly #owner: CollectionOwner;
  #loaded: LoadedRecords;
  /** By stored name. A number is the index of a record that nobody has read yet. */
  readonly #records = new Map<string, StoreRecord | number>();
  /** Goes through the records in the order of writing. */
  #oldest: MapIterator<Slot> | undefined;
  #putSinceDropped = 0;
  /** Bytes of all keys and values; counted when they may be too many, or something changes. */
  #bytes: number | undefined;
  /** Records that a caller asks for right now. */
  readonly #taking = new Set<StoreRecord>();
  readonly #listeners = new Set<(change: ForeignChange) => void>();

  constructor(name: string, options: CollectionOptions, owner: CollectionOwner, loaded: LoadedRecords) {
    this.name = name;
    this.secret = options.secret;
    this.maxEntries = options.maxEntries;
    this.#maxBytes = options.maxBytes ?? Infinity;
    this.#maxAge = options.maxAge ?? Infinity;
    this.#owner = owner;
    this.#loaded = loaded;
    const now = owner.now();
    loaded.names.forEach((stored, index) => {
      const expiresAt = loaded.expiresAt[index];
      if (typeof expiresAt !== "number" || expiresAt > now) this.#records.set(stored, index);
    });
    if (this.#records.size < loaded.names.length) owner.expire(this);
    if (this.#records.size > this.maxEntries || mostBytes(loaded) > this.#maxBytes) this.#evict();
  }

  get size(): number {
    return this.#records.size;
  }

  get(key: string): StoreRecord | undefined {
    this.#assertOpen();
    return this.#read(this.#owner.seal.nameOf(this.name, key));
  }

  async find(key: string): Promise<StoreRecord | undefined> {
    const record = this.get(key);
    if (record !== undefined) return record;
    const name = this.#owner.seal.nameOf(this.name, key);
    const stored = await this.#owner.find(this, name);
    if (stored === undefined || isExpired(stored, this.#owner.now())) return undefined;
    return this.#open(name, stored);
  }

  entries(): Iterable<StoreRecord> {
    this.#assertOpen();
    return this.#entries([...this.#records.keys()]);
  }

  *#entries(names: readonly string[]): Iterable<StoreRecord> {
    for (const name of names) {
      this.#assertOpen();
      const record = this.#read(name);
      if (record !== undefined) yield record;
    }
  }

  set(key: string, value: Uint8Array, options: WriteOptions = {}): void {
    this.#assertOpen();
    // Text reaches the disk as UTF-8, where a lone surrogate would become another key.
    if (!key.isWellFormed()) throw new UsageError("OPTION_INVALID", { operation: "set", detail: "key" });
    const now = this.#owner.now();
    const writtenAt = writingTimeOf(options.writtenAt, now);
    const expiresAt = expiryOf(options.expiresAt, now, this.#maxAge);
    const name = this.#owner.seal.nameOf(this.name, key);
    this.#remove(name);
    // A copy, because a view would keep alive, and post to the writing thread, the whole buffer that it is cut from.
    const record: StoreRecord = { key, value: new Uint8Array(value), expiresAt, writtenAt };
    if (isExpired(record, now) || sizeOf(record) > this.#maxBytes) {
      this.#owner.delete(this, name, key);
      return;
    }
    this.#put(name, record);
    this.#owner.put(this, name, { value: this.#owner.seal.seal(this.name, name, record), expiresAt, writtenAt });
    this.#evict();
  }

  delete(key: string): boolean {
    this.#assertOpen();
    const name = this.#owner.seal.nameOf(this.name, key);
    const existed = this.#read(name) !== undefined;
    this.#remove(name);
    if (key.isWellFormed()) this.#owner.delete(this, name, key);
    return existed;
  }

  clear(): void {
    this.#assertOpen();
    this.#records.clear();
    this.#bytes = undefined;
    this.#owner.clear(this);
  }

  async take(key: string): Promise<StoreRecord | undefined> {
    const record = this.get(key) ?? (await this.find(key));
    if (record === undefined || this.#taking.has(record)) return undefined;
    this.#taking.add(record);
    const name = this.#owner.seal.nameOf(this.name, key);
    const outcome = await this.#owner.take(this, name).finally(() => this.#taking.delete(record));
    if (outcome.type === "unsure") return undefined;
    // It may have been written anew while we asked.
    if (this.#records.get(name) === record) this.#remove(name);
    switch (outcome.type) {
      case "taken":
        return this.#open(name, outcome.stored);
      case "alone":
        return record;
      case "gone":
        return undefined;
    }
  }

  onForeignChange(listener: (change: ForeignChange) => void): () => void {
    const own = (change: ForeignChange): void => {
      listener(change);
    };
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /**
   * Takes over what others have done.
   *
   * @param isOurs says of a name that a change of ours is still to be written, and will replace theirs.
   */
  learn({ complete, records }: CollectionNews, isOurs: (name: string) => boolean): void {
    const gone = complete ? [...this.#records.keys()].filter((name) => !records.has(name)) : [];
    for (const name of gone) if (!isOurs(name)) this.#learnThatGone(name);
    for (const [name, stored] of records) {
      if (isOurs(name)) continue;
      if (stored === undefined || isExpired(stored, this.#owner.now())) this.#learnThatGone(name);
      else this.#learnRecord(name, stored);
    }
    // Whoever writes trims what is behind.
    while (this.#dropOldest() !== undefined);
  }

  /** The records are stored under names of another seal from now on. */
  rename(from: RecordSeal, to: RecordSeal): void {
    const records = [...this.#records].map(([name, slot]) => this.#decoded(name, slot, from));
    this.#records.clear();
    this.#bytes = undefined;
    for (const record of records) if (record !== undefined) this.#put(to.nameOf(this.name, record.key), record);
  }

  #learnThatGone(name: string): void {
    const slot = this.#records.get(name);
    if (slot === undefined) return;
    const record = this.#listeners.size > 0 ? this.#decoded(name, slot) : undefined;
    this.#remove(name);
    if (record !== undefined) this.#tell({ key: record.key, record: undefined });
  }

  #learnRecord(name: string, stored: StoredRecord): void {
    const known = this.#records.get(name);
    const record = this.#open(name, stored);
    // Our own, come back.
    if (typeof known === "object" && record !== undefined && isSame(known, record)) return;
    this.#remove(name);
    if (record === undefined) return;
    this.#put(name, record);
    this.#tell({ key: record.key, record });
  }

  #tell(change: ForeignChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        process.emitWarning(`a listener of ${this.name} threw: ${String(error)}`, { type: "FairleadStoreWarning" });
      }
    }
  }

  /** The record of a name, unless it has expired. */
  #read(name: string): StoreRecord | undefined {
    const slot = this.#records.get(name);
    if (slot === undefined) return undefined;
    const record = this.#decoded(name, slot);
    if (record === undefined) {
      this.#remove(name, slot);
      this.#owner.drop(this, name);
      return undefined;
    }
    if (!isExpired(record, this.#owner.now())) return record;
    this.#remove(name);
    this.#owner.expire(this);
    return undefined;
  }

  /** The record in a slot, which is there afterwards; `undefined` when it is damaged. */
  #decoded(name: string, slot: StoreRecord | number, seal = this.#owner.seal): StoreRecord | undefined {
    if (typeof slot !== "number") return slot;
    const value = this.#loaded.value(slot);
    const expiresAt = this.#loaded.expiresAt[slot] ?? undefined;
    const writtenAt = this.#loaded.writtenAt(slot);
    const record = value && this.#open(name, { value, expiresAt, writtenAt }, seal);
    if (record === undefined) return undefined;
    if (this.#bytes !== undefined) this.#bytes += this.#sizeOf(name, record) - this.#sizeOf(name, slot);
    this.#records.set(name, record);
    return record;
  }

  #open(name: string, stored: StoredRecord, seal = this.#owner.seal): StoreRecord | undefined {
    const opened = seal.open(this.name, name, stored);
    return opened && { ...opened, expiresAt: stored.expiresAt, writtenAt: stored.writtenAt };
  }

  #put(name: string, slot: StoreRecord | number): void {
    // An iterator that rests keeps alive what the map has outgrown.
    if (++this.#putSinceDropped > this.maxEntries) this.#oldest = undefined;
    this.#records.set(name, slot);
    if (this.#bytes !== undefined) this.#bytes += this.#sizeOf(name, slot);
  }

  #remove(name: string, slot = this.#records.get(name)): void {
    if (slot === undefined) return;
    this.#records.delete(name);
    if (this.#bytes !== undefined) this.#bytes -= this.#sizeOf(name, slot);
  }

  #sizeOf(name: string, slot: StoreRecord | number): number {
    return typeof slot === "number" ? this.#owner.seal.contentSize(name, this.#loaded.size(slot)) : sizeOf(slot);
  }

  /**
   * Drops the record that was written longest ago, where there are too many. A map is slow to begin with its first member
   * when many before that were removed, so it is gone on where the last one was.
   */
  #dropOldest(): Slot | undefined {
    if (!this.#isFull()) return undefined;
    let next = this.#oldest?.next();
    if (next === undefined || next.done === true) {
      this.#oldest = this.#records.entries();
      next = this.#oldest.next();
    }
    this.#putSinceDropped = 0;
    if (next.done === true) return undefined;
    this.#remove(...next.value);
    return next.value;
  }

  #countBytes(): number {
    let bytes = 0;
    for (const [name, slot] of this.#records) bytes += this.#sizeOf(name, slot);
    return bytes;
  }

  #isFull(): boolean {
    if (this.#records.size > this.maxEntries) return true;
    return this.#maxBytes !== Infinity && (this.#bytes ??= this.#countBytes()) > this.#maxBytes;
  }

  #evict(): void {
    for (let oldest = this.#dropOldest(); oldest !== undefined; oldest = this.#dropOldest()) {
      const [name, slot] = oldest;
      const writtenAt = typeof slot === "number" ? this.#loaded.writtenAt(slot) : slot.writtenAt;
      this.#owner.evict(this, name, writtenAt);
    }
  }

  #assertOpen(): void {
    if (this.#owner.closed) throw new StoreError("STORE_CLOSED", { operation: `use collection ${this.name}` });
  }
}

/** No fewer bytes than keys and values have, found without looking at each name. */
function mostBytes({ names, size }: LoadedRecords): number {
  let bytes = 0;
  // No UTF-16 code unit takes more than three bytes of UTF-8.
  names.forEach((name, index) => {
    bytes += 3 * name.length + size(index);
  });
  return bytes;
}

/** Bytes of a record: those of its key and its value. */
function sizeOf({ key, value }: StoreRecord): number {
  return Buffer.byteLength(key) + value.length;
}

function isSame(one: StoreRecord, other: StoreRecord): boolean {
  return (
    one.writtenAt === other.writtenAt &&
    one.expiresAt === other.expiresAt &&
    Buffer.compare(one.value, other.value) === 0
  );
}
