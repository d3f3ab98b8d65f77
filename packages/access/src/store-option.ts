import { UsageError } from "@fairlead/core";
import { openStore, type OpenStoreOptions, type Store } from "@fairlead/store";

/** A store that the manager opens, and closes with itself. */
export interface StoreSettings extends OpenStoreOptions {
  /** `memory:`, `file:PATH`, `sqlite:PATH`, `redis://HOST` or `rediss://HOST`. */
  readonly url: string;
}

/** What a manager remembers, and where: a URL, one with what else is to be said of the store, or an open store. */
export type StoreOption = string | StoreSettings | Store;

/** A manager's store, and whether the manager closes it. */
export interface ManagerStore {
  readonly store: Store;
  readonly isOwned: boolean;
}

/**
 * Opens what the option `store` names; what is open already stays its owner's.
 *
 * @throws UsageError OPTION_INVALID; StoreError when the store cannot be opened.
 */
export async function openStoreOption(
  option: StoreOption = "memory:",
  now: (() => number) | undefined,
): Promise<ManagerStore> {
  if (typeof option === "string") return { store: await openStore(option, { now }), isOwned: true };
  if ("collection" in option) return { store: option, isOwned: false };
  const { url, ...settings } = option;
  if (typeof url !== "string") {
    throw new UsageError("OPTION_INVALID", { operation: "open a manager", detail: "store.url" });
  }
  return { store: await openStore(url, { now, ...settings }), isOwned: true };
}
