import { StoreError, UsageError } from "@fairlead/core";
import { ChangeQueue } from "./change-queue.ts";
import type { Collection, CollectionOptions, OpenStoreOptions, Store } from "./contract.ts";
import { RecordCollection, type CollectionOwner } from "./record-collection.ts";
import { unsealed, type RecordSeal } from "./record-seal.ts";
import type { CollectionNews, LoadedRecords, StoredRecord, TakeOutcome } from "./stored-record.ts";
import { warn } from "./store-warning.ts";
import { WriteBehind, type WriteBatch } from "./write-behind.ts";

/** Where the records of a store are when nobody runs: what differs from one kind of store to another. */
export interface StoreBackend {
  /** Records of one collection as they are now. */
  load(collection: string): LoadedRecords;
  /** Collections that hold records, in any order. */
  collectionNames(): readonly string[];
  /** Removes a record that is not waiting to be written, and finds out at once whether it was there. */
  take(collection: string, name: string): Promise<TakeOutcome>;
  /** Where `load` does not give all of a collection: looks up one record, for a bounded time. Never rejects. */
  find?(collection: string, name: string): Promise<StoredRecord | undefined>;
  readonly write: WriteBatch;
  /**
   * Begins to tell that others have changed something, and that what could not be written can be again. Called once, when
   * the first collection is opened.
   */
  watch?(onChange: () => void, onBack: () => void): void;
  /** Whether a change of this name that was not written may have been all the same. */
  isDoubtful?(collection: string, name: string): boolean;
  /**
   * What others have changed since the last call, by collection, of those that were loaded; own changes may be among
   * them. It is called while no batch is under way.
   */
  takeNews?(): ReadonlyMap<string, CollectionNews>;
  close(): Promise<void>;
}

/** A store over any backend: collections in memory, changes written behind. */
export class RecordStore implements Store, CollectionOwner {
  readonly url: string;
  readonly now: () => number;
  readonly seal: RecordSeal;
  readonly #options: OpenStoreOptions;
  readonly #backend: StoreBackend;
  readonly #collections = new Map<string, RecordCollection>();
  readonly #queue = new ChangeQueue();
  readonly #behind: WriteBehind;
  /** Whether changes were lost that no flush has told about yet. */
  #overflows = false;
  #isWatching = false;
  #hasNews = false;
  #closing: Promise<void> | undefined;

  constructor(url: string, backend: StoreBackend, options: OpenStoreOptions, seal = unsealed) {
    this.url = url;
    this.seal = seal;
    this.now = options.now ?? Date.now;
    this.#options = options;
    this.#backend = backend;
    this.#behind = new WriteBehind({
      peer: url,
      queue: this.#queue,
      write: backend.write,
      limit: (name) => queueLimit(this.#collections.get(name)?.maxEntries ?? 0),
      onFailure: (message, cause) => {
        // The backend has told it, once.
        if (cause instanceof StoreError && cause.code === "STORE_UNREACHABLE") return;
        warn(options, url, { type: "write-failed", collection: undefined, message, cause });
      },
      onIdle: () => {
        this.#learnNews();
      },
    });
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
    // Whatever else the file holds was not written by a store.
    const isCollection = (name: string): boolean => collectionName.test(name) && !name.startsWith(ownPrefix);
    const names = new Set(this.#backend.collectionNames().filter(isCollection));
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

  delete(collection: RecordCollection, name: string): void {
    this.#queue.delete(collection.name, name, queueLimit(collection.maxEntries));
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
    for (const [collection, news] of this.#backend.takeNews?.() ?? []) {
      this.#collections.get(collection)?.learn(news, (name) => this.#isOurs(collection, name));
    }
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

/** Such a name needs no quoting, neither in SQL nor in JSON. */
const collectionName = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Collections that begin with it are the store's own, and nobody else's. */
const ownPrefix = "fairlead-";

function assertCollection(name: string, { maxEntries, maxBytes = 1, maxAge = 1 }: CollectionOptions): void {
  if (!collectionName.test(name) || name.startsWith(ownPrefix)) {
    throw new UsageError("OPTION_INVALID", { operation: "open a collection", detail: "name" });
  }
  for (const [bound, value] of Object.entries({ maxEntries, maxBytes, maxAge })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new UsageError("OPTION_INVALID", { operation: `open collection ${name}`, detail: bound });
    }
  }
}
