import { isCodedError, StoreError } from "@fairlead/core";
import type { OpenStoreOptions, Store } from "./contract.ts";
import { openFailed } from "./permissions.ts";
import { RecordStore } from "./record-store.ts";
import type { StoreBackend } from "./store-backend.ts";
import { readSealRecord } from "./sealed-writer.ts";

/**
 * Opens a store over a backend, sealed where a key is given. The backend is the store's, and closed when that fails.
 *
 * @throws StoreError STORE_KEY_REQUIRED, STORE_KEY_INVALID, STORE_KEY_UNAVAILABLE, STORE_KEY_WRONG; and what the backend
 * throws.
 */
export async function openRecordStore(url: string, backend: StoreBackend, options: OpenStoreOptions): Promise<Store> {
  try {
    const found = readSealRecord(backend);
    const { key } = options;
    if (key === undefined) {
      if (found !== undefined) throw new StoreError("STORE_KEY_REQUIRED", { peer: url, operation: "open" });
      return new RecordStore(url, backend, options);
    }
    const { openKeySealing } = await import("./seal/key-sealing.ts");
    const sealing = await openKeySealing({ url, backend, key, store: options }, found);
    return new RecordStore(url, backend, options, sealing);
  } catch (error) {
    await backend.close();
    throw isCodedError(error) ? error : openFailed(url, error);
  }
}
