import { openStore, type Store } from "@fairlead/store";

/** How secrets are stored. */
export interface SecretStoreOptions {
  /** What they are, for the warning: `tokens`. */
  readonly what: string;
  /** Keeps them in a store that is not encrypted, too; false by default. */
  readonly inTheClear?: boolean;
}

/** What is in memory in place of a store that would write it in the clear; it goes with that store. */
const unwritten = new WeakMap<Store, Promise<Store>>();

/**
 * Where secrets are kept that nobody may find in a file: the store itself, where it is encrypted or nothing but memory; else
 * a memory beside it, with one warning, which ends with the process. `forget` and `clear` of a manager reach both.
 */
export async function secretStore(store: Store, { what, inTheClear = false }: SecretStoreOptions): Promise<Store> {
  const isSafe = store.url === "memory:" || store.sealBeside("secrets") !== undefined;
  if (isSafe || inTheClear) return store;
  const known = unwritten.get(store);
  if (known !== undefined) return known;
  const opened = openStore("memory:");
  unwritten.set(store, opened);
  process.emitWarning(`${what} are kept in memory alone, because the store is not encrypted: open it with a key`, {
    type: "FairleadStoreWarning",
    code: "secrets-not-kept",
  });
  return opened;
}

/** What is in memory in place of a store; `undefined` where that is nothing. */
export async function unwrittenSecrets(store: Store): Promise<Store | undefined> {
  return unwritten.get(store);
}
