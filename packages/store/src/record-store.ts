import { StoreError, UsageError } from "@fairlead/core";
import { ChangeQueue } from "./change-queue.ts";
import type { Collection, CollectionOptions, OpenStoreOptions, Store, StoreRecord } from "./contract.ts";
import { RecordCollection, type CollectionOwner, type LoadedRecords, type TakeOutcome } from "./record-collection.ts";
import { warn } from "./store-warning.ts";
import { WriteBehind, type WriteBatch } from "./write-behind.ts";

/** Where the records of a store are when nobody runs: what differs from one kind of store to another. */
export interface StoreBackend {
  /** Records of one collection as they are now. */
  load(collection: string): LoadedRecords;
  /** Collections that hold records, in any order. */
  collectionNames(): readonly string[];
  /** Removes a record that is not waiting to be written, and finds out at once whether it was there. */
  take(collection: string, record: StoreRecord): Promise<TakeOutcome>;
  readonly write: WriteBatch;
  close(): Promise<void>;
}

/** A store over any backend: collections in memory, changes written behind. */
export class RecordStore implements Store, CollectionOwner {
  readonly url: string;
  readonly now: () => number;
  readonly #options: OpenStoreOptions;
  readonly #backend: StoreBackend;
  readonly #collections = new Map<string, RecordCollection>();
  readonly #queue = new ChangeQueue();
  readonly #behind: WriteBehind;
  /** Whether changes were lost that no flush has told about yet. */
  #overflows = false;
  #closing: Promise<void> | undefined;

  constructor(url: string, backend: StoreBackend, options: OpenStoreOptions) {
    this.url = url;
    this.now = options.now ?? Date.now;
    this.#options = options;
    this.#backend = backend;
    this.#behind = new WriteBehind({
      peer: url,
      queue: this.#queue,
      write: backend.write,
      limit: (name) => queueLimit(this.#collections.get(name)?.maxEntries ?? 0),
      onFailure: (message, cause) => {
        warn(options, url, { type: "write-failed", collection: undefined, message, cause });
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
    return collection;
  }

  collectionNames(): readonly string[] {
    this.#assertOpen("list");
    // Whatever else the file holds was not written by a store.
    const names = new Set(this.#backend.collectionNames().filter((name) => collectionName.test(name)));
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

  put(collection: RecordCollection, record: StoreRecord): void {
    this.#queue.put(collection.name, record, queueLimit(collection.maxEntries));
    this.#changed(collection);
  }

  delete(collection: RecordCollection, key: string): void {
    this.#queue.delete(collection.name, key, queueLimit(collection.maxEntries));
    this.#changed(collection);
  }

  clear(collection: RecordCollection): void {
    this.#queue.clear(collection.name);
    this.#changed(collection);
  }

  evict(collection: RecordCollection, record: StoreRecord): void {
    const { name, maxEntries } = collection;
    this.#queue.evict(name, record, maxEntries, queueLimit(maxEntries));
    this.#changed(collection);
  }

  expire(collection: RecordCollection): void {
    this.#queue.purge(collection.name, this.now());
    this.#changed(collection);
  }

  drop(collection: RecordCollection, key: string): void {
    this.delete(collection, key);
    const message = "a damaged record was dropped";
    warn(this.#options, this.url, {
      type: "record-dropped",
      collection: collection.name,
      message,
      cause: undefined,
    });
  }

  async take(collection: RecordCollection, record: StoreRecord): Promise<TakeOutcome> {
    const { key, value, expiresAt } = record;
    // On its way to the disk: another process may get it from there a moment later.
    if (this.#behind.isInFlight(collection.name, key)) return { type: "unsure" };
    if (this.#queue.pending(collection.name, key)?.type === "put") {
      this.delete(collection, key);
      return { type: "taken", value, expiresAt };
    }
    const outcome = await this.#backend.take(collection.name, record);
    if (outcome.type === "taken" && !this.closed) {
      this.#queue.touch(collection.name);
      this.#changed(collection);
    }
    return outcome;
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

function assertCollection(name: string, { maxEntries }: CollectionOptions): void {
  if (!collectionName.test(name)) {
    throw new UsageError("OPTION_INVALID", { operation: "open a collection", detail: "name" });
  }
  if (!Number.isInteger(maxEntries) || maxEntries < 1) {
    throw new UsageError("OPTION_INVALID", { operation: `open collection ${name}`, detail: "maxEntries" });
  }
}
