import { StoreError, UsageError } from "@fairlead/core";
import type { StoreKey } from "./key/store-key.ts";
import { unsealed, type RecordSeal } from "./record-seal.ts";
import type { SealedPlace } from "./sealed-place.ts";

/** What the records of an open store are sealed with, and what becomes of that. */
export interface Sealing {
  readonly seal: RecordSeal;
  /** What the store says of its seal as long as this one holds: nothing is written where it says anything else. */
  readonly proof: Uint8Array | undefined;
  /**
   * The store says something else: finds out what holds now.
   *
   * @throws StoreError STORE_KEY_REQUIRED, STORE_KEY_WRONG or STORE_KEY_UNAVAILABLE when this process cannot have the key.
   */
  follow(found: Uint8Array | undefined): Promise<void>;
  /** Seals everything with another key. No batch may be under way. */
  rotate(newKey: StoreKey | undefined): Promise<void>;
  /** Seals what is kept beside the store, for a purpose of its own. */
  beside(purpose: string): SealedPlace | undefined;
}

/** That of a store without a key. */
export function noSealing(peer: string): Sealing {
  return {
    seal: unsealed,
    proof: undefined,
    follow: () =>
      Promise.reject(
        new StoreError("STORE_KEY_REQUIRED", { peer, operation: "write", detail: "another process has encrypted it" }),
      ),
    rotate: () => {
      const remedy = "open the store with a key: that encrypts it";
      return Promise.reject(new UsageError("OPTION_INVALID", { peer, operation: "change the key of", remedy }));
    },
    beside: () => undefined,
  };
}
