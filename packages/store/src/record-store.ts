import { isCodedError, StoreError, UsageError } from "@fairlead/core";
import { ChangeQueue, type Batch } from "./change-queue.ts";
import { isCollectionName } from "./collection-name.ts";
import type { Collection, CollectionOptions, OpenStoreOptions, Store } from "./contract.ts";
import type { StoreKey } from "./key/store-key.ts";
import { RecordCollection, type CollectionOwner } from "./record-collection.ts";
import type { RecordSeal } from "./record-seal.ts";
import { resealChanges } from "./seal/reseal-changes.ts";
import { sealCollection } from "./seal/seal-record.ts";
import { isWithoutKey, SealedWriter } from "./sealed-writer.ts";
import type { SealedPlace } from "./sealed-place.ts";
import { noSealing, type Sealing } from "./sealing.ts";
import type { StoreBackend } from "./store-backend.ts";
import type { CollectionNews, StoredRecord, TakeOutcome } from "./stored-record.ts";
import { warn } from "./store-warning.ts";
import { WriteBehind } from "./write-behind.ts";

export type { StoreBackend };

/** A store over any backend: collections in memory, changes written behind. */
export class RecordStore implements Store, CollectionOwner {
  readonly url: string;
  readonly now: () => number;
  readonly #sealing: Sealing;
  readonly #writer: SealedWriter;
  readonly #options: OpenStoreOptions;
  readonly #backend: StoreBackend;
  readonly #collections = new Map<string, RecordCollection>();
  readonly #queue = new ChangeQueue();
  readonly #behind: WriteBehind;
  /** Whether changes were lost that no flush has told about yet. */
  #overflows = false;
  #isWatching = false;
  #hasNews = false;
  /** Whether what is in memory may not be what is behind. */
  #mustReload = false;
  /** Whether it was told that the key cannot be had. */
  #isKeyTold = false;
  #closing: Promise<void> | undefined;

  constructor(url: string, backend: StoreBackend, options: OpenStoreOptions, sealing = noSealing(url)) {
    this.url = url;
    this.#sealing = sealing;
    this.now = options.now ?? Date.now;
    this.#options = options;
    this.#backend = backend;
    this.#writer = new SealedWriter({ backend, sealing, onNewSeal: this.#onNewSeal });
    this.#behind = new WriteBehind({
      peer: url,
      queue: this.#queue,
      write: this.#writer.write,
      limit: (name) => queueLimit(this.#collections.get(name)?.maxEntries ?? 0),
      onFailure: (message, cause) => {
        // The backend has told it, once.
        if (cause instanceof StoreError && cause.code === "STORE_UNREACHABLE") return;
        if (isWithoutKey(cause)) this.#tellThatWithoutKey(cause);
        else warn(options, url, { type: "write-failed", collection: undefined, message, cause });
      },
      onIdle: () => {
        this.#learnNews();
      },
    });
  }

  get seal(): RecordSeal {
    return this.#sealing.seal;
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  collection(name: string, options: CollectionOptions): Collection {
    this.#assertOpen("open a collection of");
    const opened = this.#collections.get(name);
    if (opened !== undefined) return opened;
    assertCollection(name, options);
    const collection = new RecordCollection(name, options, this, this.#backend.load(name));
    this.#collections.set(name, collection);
    if (!this.#isWatching) {
      this.#isWatching = true;
      this.#backend.watch?.(this.#onChange, () => {
        this.#behind.retry();
      });
    }
    return collection;
  }

  collectionNames(): readonly string[] {
    this.#assertOpen("list");
    const names = new Set(this.#backend.collectionNames().filter(isCollectionName));
    for (const [name, { size }] of this.#collections) {
      if (size > 0) names.add(name);
      else names.delete(name);
    }
    return [...names].sort();
  }

  async flush(): Promise<void> {
    this.#assertOpen("flush");
    await this.#behind.flush();
  }

  async rotateKey(newKey?: StoreKey): Promise<void> {
    this.#assertOpen("change the key of");
    try {
      await this.#behind.exclusively(() => this.#writer.rotate(newKey));
    } catch (cause) {
      if (isCodedError(cause)) throw cause;
      throw new StoreError("STORE_WRITE_FAILED", { peer: this.url, operation: "change the key of", cause });
    }
  }

  sealBeside(purpose: string): SealedPlace | undefined {
    return this.#sealing.beside(purpose);
  }

  close(): Promise<void> {
    this.#closing ??= this.#behind.close().finally(() => this.#backend.close());
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  put(collection: RecordCollection, name: string, stored: StoredRecord): void {
    this.#queue.put(collection.name, name, stored, queueLimit(collection.maxEntries));
    this.#changed(collection);
  }

  delete(collection: RecordCollection, name: string, key?: string): void {
    this.#queue.delete(collection.name, name, key, queueLimit(collection.maxEntries));
    this.#changed(collection);
  }

  clear(collection: RecordCollection): void {
    this.#queue.clear(collection.name);
    this.#changed(collection);
  }

  evict(collection: RecordCollection, name: string, writtenAt: number): void {
    const { maxEntries } = collection;
    this.#queue.evict(collection.name, name, writtenAt, maxEntries, queueLimit(maxEntries));
    this.#changed(collection);
  }

  expire(collection: RecordCollection): void {
    this.#queue.purge(collection.name, this.now());
    this.#changed(collection);
  }

  drop(collection: RecordCollection, name: string): void {
    // What another key has sealed is not damaged.
    if (this.#writer.look()) return;
    this.delete(collection, name);
    const message = "a damaged record was dropped";
    warn(this.#options, this.url, {
      type: "record-dropped",
      collection: collection.name,
      message,
      cause: undefined,
    });
  }

  async take(collection: RecordCollection, name: string): Promise<TakeOutcome> {
    // On its way to the disk: another process may get it from there a moment later.
    if (this.#behind.isInFlight(collection.name, name)) return { type: "unsure" };
    if (this.#backend.isDoubtful?.(collection.name, name) === true) return { type: "unsure" };
    if (this.#queue.pending(collection.name, name)?.type === "put") {
      this.delete(collection, name);
      return { type: "alone" };
    }
    const outcome = await this.#backend.take(collection.name, name);
    if (outcome.type === "taken" && !this.closed) {
      this.#queue.touch(collection.name);
      this.#changed(collection);
    }
    return outcome;
  }

  async find(collection: RecordCollection, name: string): Promise<StoredRecord | undefined> {
    if (this.#isOurs(collection.name, name)) return undefined;
    return this.#backend.find?.(collection.name, name);
  }

  readonly #onChange = (): void => {
    this.#hasNews = true;
    // What comes while a batch is under way may be older than that.
    if (!this.#behind.isBusy) this.#learnNews();
  };

  #learnNews(): void {
    if (!this.#hasNews || this.closed) return;
    this.#hasNews = false;
    const allNews = this.#backend.takeNews?.() ?? new Map<string, CollectionNews>();
    const sealNews = allNews.get(sealCollection);
    if (sealNews !== undefined && this.#writer.look(sealNews)) {
      // A batch finds out what holds now.
      this.#queue.touch(sealCollection);
      this.#behind.changed();
    }
    if (this.#writer.isStale) return;
    for (const [name, collection] of this.#collections) {
      const news = this.#mustReload ? this.#readAnew(name) : allNews.get(name);
      if (news !== undefined) collection.learn(news, (record) => this.#isOurs(name, record));
    }
    this.#mustReload = false;
  }

  readonly #onNewSeal = (from: RecordSeal, to: RecordSeal, underWay: Batch | undefined): void => {
    for (const batch of [underWay ?? [], this.#queue.waiting()]) {
      for (const [name, changes] of batch) resealChanges(name, changes, from, to);
    }
    for (const collection of this.#collections.values()) collection.rename(from, to);
    this.#isKeyTold = false;
    this.#mustReload = true;
    this.#hasNews = true;
  };

  #readAnew(collection: string): CollectionNews {
    const loaded = this.#backend.load(collection);
    const records = new Map<string, StoredRecord>();
    for (const [index, name] of loaded.names.entries()) {
      const value = loaded.value(index);
      const expiresAt = loaded.expiresAt[index] ?? undefined;
      if (value !== undefined) records.set(name, { value, expiresAt, writtenAt: loaded.writtenAt(index) });
    }
    return { complete: this.#backend.loadAll === undefined, records };
  }

  #tellThatWithoutKey(cause: unknown): void {
    if (this.#isKeyTold) return;
    this.#isKeyTold = true;
    const message = "another process has changed the key, which this one cannot have: what it learns stays in memory";
    warn(this.#options, this.url, { type: "key-lost", collection: undefined, message, cause });
  }

  /** Whether what others have written under a name is going to be replaced by us. */
  #isOurs(collection: string, name: string): boolean {
    const pending = this.#queue.pending(collection, name);
    return (pending !== undefined && pending.type !== "evict") || this.#queue.isCleared(collection);
  }

  #changed({ name }: RecordCollection): void {
    const overflows = this.#queue.lost > 0;
    if (overflows && !this.#overflows) {
      const message = "too many changes wait to be written; the oldest are lost";
      warn(this.#options, this.url, { type: "write-failed", collection: name, message, cause: undefined });
    }
    this.#overflows = overflows;
    this.#behind.changed();
  }

  #assertOpen(operation: string): void {
    if (this.closed) throw new StoreError("STORE_CLOSED", { peer: this.url, operation });
  }
}

/** Twice what a collection holds, and some: enough for all that can matter, were everything written anew. */
function queueLimit(maxEntries: number): number {
  return 2 * maxEntries + 1_000;
}

function assertCollection(name: string, { maxEntries, maxBytes = 1, maxAge = 1 }: CollectionOptions): void {
  if (!isCollectionName(name)) {
    throw new UsageError("OPTION_INVALID", { operation: "open a collection", detail: "name" });
  }
  for (const [bound, value] of Object.entries({ maxEntries, maxBytes, maxAge })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new UsageError("OPTION_INVALID", { operation: `open collection ${name}`, detail: bound });
    }
  }
}
