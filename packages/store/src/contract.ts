import type { StoreKey } from "./key/store-key.ts";
import type { RedisOptions } from "./redis/redis-options.ts";
import type { SealedPlace } from "./sealed-place.ts";

export type { KeyringOptions } from "./key/keyring.ts";
export type { SealedPlace, StoreKey };

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
  /** Milliseconds since the epoch; 0 where nobody knows. */
  readonly writtenAt: number;
}

/** What a collection is opened with. */
export interface CollectionOptions {
  /** Largest number of records, at least 1; writing one more drops the record that was written longest ago. */
  readonly maxEntries: number;
  /**
   * Largest sum of the bytes of keys and values, at least 1; more than that drops the records that were written longest
   * ago. Unbounded by default. A record that is larger by itself is not kept.
   */
  readonly maxBytes?: number | undefined;
  /** Milliseconds that a record stays at most, at least 1: whatever would expire later, or never, expires then. */
  readonly maxAge?: number | undefined;
  /** Whether values are secrets, which are never printed. */
  readonly secret: boolean;
}

/** What a record is written with. */
export interface WriteOptions {
  /** Milliseconds since the epoch; the record does not expire by default. */
  readonly expiresAt?: number | undefined;
  /**
   * When it was written where it is copied from, in milliseconds since the epoch: now by default, and at the latest. Its place
   * in the order of writing is the last all the same.
   */
  readonly writtenAt?: number | undefined;
}

/** What somebody else, a process, a machine or a person, did to a record. */
export interface ForeignChange {
  readonly key: string;
  /** `undefined` when it is gone. */
  readonly record: StoreRecord | undefined;
}

/**
 * Records of one meaning. Reads never wait; an expired record is absent.
 *
 * Once the store is closed, every method throws (`take` rejects with) StoreError STORE_CLOSED.
 */
export interface Collection {
  readonly name: string;
  readonly secret: boolean;
  /** Number of records, expired ones that are not purged yet included. */
  readonly size: number;
  get(key: string): StoreRecord | undefined;
  /**
   * Like `get`. Where the store's memory does not hold all of the collection, it asks behind when the record is not
   * there, for a bounded time: an engine that is gone or slow has no record.
   */
  find(key: string): Promise<StoreRecord | undefined>;
  /** Records that live when it is called, the one that was written longest ago first. Changing them meanwhile is safe. */
  entries(): Iterable<StoreRecord>;
  /**
   * Visible to reads at once, written behind. The bytes are copied. A record that has expired already is deleted.
   *
   * @throws UsageError OPTION_INVALID when the key is not well-formed Unicode or a time not a number.
   */
  set(key: string, value: Uint8Array, options?: WriteOptions): void;
  /** Returns whether there was such a record. What another process wrote under the key goes, too. */
  delete(key: string): boolean;
  /**
   * Removes a record and hands it to one caller only, whatever process it runs in. Resolves to `undefined` when it is
   * gone, and also when that cannot be made sure at once: the store is busy, or the record is just being written. It is
   * then still there for a later call.
   */
  take(key: string): Promise<StoreRecord | undefined>;
  clear(): void;
  /**
   * Tells what others have changed, after reads show it. What expires or is dropped to keep within the bound is not told.
   *
   * @returns what ends that. A listener that throws is told as a warning on `process`, and stays.
   */
  onForeignChange(listener: (change: ForeignChange) => void): () => void;
}

/** Something that was put right or lost without stopping anybody. */
export interface StoreWarning {
  readonly type:
    | "record-dropped"
    | "write-failed"
    /** The records that were there cannot be read any more: the key that they were written with is gone. */
    | "key-lost"
    /** The store's engine cannot be reached. Told once for each outage. */
    | "engine-lost"
    | "engine-back"
    /** An older form of the store was brought to the present one. */
    | "migrated"
    | "repaired";
  /** The collection, where it is known. */
  readonly collection: string | undefined;
  /** One clause without secrets. */
  readonly message: string;
  readonly cause: unknown;
}

/** What a store is opened with. */
export interface OpenStoreOptions {
  /** Milliseconds since the epoch; `Date.now` by default. */
  readonly now?: (() => number) | undefined;
  /** Called for what was lost or could not be written; a warning on `process` by default. Never throws into the store. */
  readonly onWarning?: ((warning: StoreWarning) => void) | undefined;
  /**
   * Takes from other users what rights they have in the store's files, and in its directory if nothing else is in that,
   * and warns of it, instead of refusing the store. Links and what belongs to others is refused all the same.
   */
  readonly repair?: boolean | undefined;
  /** What only `redis:` takes. */
  readonly redis?: RedisOptions | undefined;
  /**
   * Encrypts all that is at rest, and hides the names of records; a store that was plain is encrypted when it is opened. A
   * `memory:` store has nothing at rest, and asks for no key.
   */
  readonly key?: StoreKey | undefined;
  /**
   * What happens to a store that the key does not open, or whose key the keyring has lost. `"begin-anew"`, the default, drops
   * its records with a warning and gives it a new key: what a program has learned can be learned again. `"refuse"` fails with
   * STORE_KEY_WRONG and leaves the store as it is, as is always done with one that many machines share.
   */
  readonly lostKey?: "begin-anew" | "refuse" | undefined;
}

/**
 * An open store. Owned by who opened it, who also closes it.
 *
 * Writes are visible to `get` at once, and reach the disk behind, in batches: what is on disk is always what the
 * process remembered at some moment, whole. A process that ends by itself writes what is left; `process.exit()` and
 * signals do not wait, so close the store first.
 */
export interface Store extends AsyncDisposable {
  /** The URL that opened it, without user and password: `memory:`, `file:PATH`, `sqlite:PATH` or `redis://HOST`. */
  readonly url: string;
  /**
   * Opens a collection and reads its records; the options of the first call hold for as long as the store is open.
   *
   * @throws UsageError OPTION_INVALID when the name is not lower-case words joined by hyphens, or the bound below 1.
   * @throws StoreError STORE_CORRUPT, STORE_CLOSED.
   */
  collection(name: string, options: CollectionOptions): Collection;
  /** Names of all collections that hold records, known to this process or not, sorted. */
  collectionNames(): readonly string[];
  /**
   * Resolves when every write before this call is durable.
   *
   * @throws StoreError STORE_WRITE_FAILED when they could not be written; they stay queued. STORE_CLOSED.
   */
  flush(): Promise<void>;
  /**
   * Encrypts everything anew, in one step, with another key: a new random one in the keyring, unless one is given. Other
   * processes that have the store open ask for the new key where they had the old one; one that cannot have it keeps what it
   * learns in memory, and tells so.
   *
   * @throws UsageError OPTION_INVALID when the store has no key, or the key is the one that it has.
   * @throws StoreError STORE_KEY_INVALID, STORE_KEY_UNAVAILABLE, STORE_WRITE_FAILED, STORE_CLOSED. The former key holds.
   */
  rotateKey(newKey?: StoreKey): Promise<void>;
  /** Encrypts for what is kept beside the store; `undefined` where the store has no key. */
  sealBeside(purpose: string): SealedPlace | undefined;
  /**
   * Flushes and closes. Closing twice is harmless.
   *
   * @throws StoreError STORE_WRITE_FAILED when the last writes could not be written; the store is closed all the same.
   */
  close(): Promise<void>;
}
