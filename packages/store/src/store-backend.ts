import type { CollectionNews, LoadedRecords, StoredRecord, TakeOutcome } from "./stored-record.ts";
import type { WriteBatch } from "./write-behind.ts";

/** Where the records of a store are when nobody runs: what differs from one kind of store to another. */
export interface StoreBackend {
  /** Records of one collection as they are now. */
  load(collection: string): LoadedRecords;
  /** Where `load` does not give all of a collection: all of it, as it is now. */
  loadAll?(collection: string): Promise<LoadedRecords>;
  /** Collections that hold records, in any order. */
  collectionNames(): readonly string[];
  /** Whether it is shared by machines, of which one that has lost its key must not empty it for all. */
  readonly isShared?: boolean;
  /** Overwrites what was deleted and replaced, where that stays on the disk otherwise; rejects when it cannot now. */
  scrub?(): Promise<void>;
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
