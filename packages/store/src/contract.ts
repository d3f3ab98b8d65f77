/**
 * The store contract: named collections of records that stay when the process ends. What the records mean is the
 * caller's business; the store knows keys, bytes, expiry and bounds.
 */

/** One remembered thing. */
export interface StoreRecord {
  readonly key: string;
  /** Owned by the store: copy before changing. */
  readonly value: Uint8Array;
  /** Milliseconds since the epoch; `undefined` when the record does not expire. */
  readonly expiresAt: number | undefined;
}

export interface CollectionOptions {
  /** Largest number of records; writing one more drops the record that was written longest ago. */
  readonly maxEntries: number;
  /** Whether values are secrets, which are never printed. */
  readonly secret: boolean;
}

/** Records of one meaning. Reads never wait and never fail; an expired record is absent. */
export interface Collection {
  readonly name: string;
  readonly secret: boolean;
  /** Number of records, expired ones that are not purged yet included. */
  readonly size: number;
  get(key: string): StoreRecord | undefined;
  /** Live records, the one that was written longest ago first. */
  entries(): Iterable<StoreRecord>;
  /** Visible to reads at once, written behind. The bytes must not be changed afterwards. */
  set(key: string, value: Uint8Array, options?: { readonly expiresAt?: number | undefined }): void;
  /** Returns whether there was such a record. */
  delete(key: string): boolean;
  /** Removes a record and hands it to one caller only, whatever process it runs in. Resolves to `undefined` when it is gone. */
  take(key: string): Promise<StoreRecord | undefined>;
  clear(): void;
}

/** Something that was put right or lost without stopping anybody. */
export interface StoreWarning {
  readonly type: "record-dropped" | "write-failed";
  /** The collection, where it is known. */
  readonly collection: string | undefined;
  /** One clause without secrets. */
  readonly message: string;
  readonly cause: unknown;
}

export interface OpenStoreOptions {
  /** Milliseconds since the epoch; `Date.now` by default. */
  readonly now?: () => number;
  /** Called for what was lost or could not be written; a warning on `process` by default. Never throws into the store. */
  readonly onWarning?: (warning: StoreWarning) => void;
}

/**
 * An open store. Owned by who opened it, who also closes it.
 *
 * Writes are visible to `get` at once, and reach the disk in order, in batches, behind.
 */
export interface Store extends AsyncDisposable {
  /** What it was opened by. */
  readonly url: string;
  /** Opens a collection; the options of the first call hold for as long as the store is open. */
  collection(name: string, options: CollectionOptions): Collection;
  /** Names of all collections that hold records, known to this process or not. */
  collectionNames(): readonly string[];
  /**
   * Resolves when every write before this call is durable.
   *
   * @throws StoreError STORE_WRITE_FAILED when they could not be written; they stay queued.
   */
  flush(): Promise<void>;
  /** Flushes and closes. Closing twice is harmless. */
  close(): Promise<void>;
}
