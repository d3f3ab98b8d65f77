import type { OpenStoreOptions, Store } from "../contract.ts";
import { RecordStore, type StoreBackend } from "../record-store.ts";

/** Opens a store that forgets everything when it is closed. Each call makes a new one. */
export function openMemoryStore(options: OpenStoreOptions = {}): Store {
  return new RecordStore("memory:", nothingBehind, options);
}

/** Nothing is ever read from it, so it may lose all that it is given. */
const nothingBehind: StoreBackend = {
  load: () => ({ keys: [], expiresAt: [], value: () => undefined }),
  collectionNames: () => [],
  take: (_collection, { value, expiresAt }) => Promise.resolve({ type: "taken", value, expiresAt }),
  write: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
