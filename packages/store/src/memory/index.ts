import type { OpenStoreOptions, Store } from "../contract.ts";
import { RecordStore } from "../record-store.ts";
import type { StoreBackend } from "../store-backend.ts";
import { noRecords } from "../stored-record.ts";

/** Opens a store that forgets everything when it is closed. Each call makes a new one. */
export function openMemoryStore(options: OpenStoreOptions = {}): Store {
  return new RecordStore("memory:", nothingBehind, options);
}

/** Nothing is ever read from it, so it may lose all that it is given. */
const nothingBehind: StoreBackend = {
  load: () => noRecords,
  collectionNames: () => [],
  take: () => Promise.resolve({ type: "alone" }),
  write: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
