import { COLLECTIONS, isCollectionName } from "@fairlead/access/memory";
import { StoreError } from "@fairlead/core";
import {
  openStore,
  type Collection,
  type CollectionOptions,
  type OpenStoreOptions,
  type Store,
  type StoreWarning,
} from "@fairlead/store";
import type { Surroundings } from "../command.ts";
import type { StoreChoice } from "./request.ts";
import { storeExists } from "./store-exists.ts";
import { tellWarning } from "./warning.ts";

/**
 * Opens the store that was asked for, and makes it where there is none. The caller closes it.
 *
 * One that is encrypted with a key from the keyring is opened with that unless another is named. A key that does not open it
 * drops nothing.
 */
export async function openChosen(
  { url, key }: StoreChoice,
  { stderr, signal }: Pick<Surroundings, "stderr" | "signal">,
  more: Pick<OpenStoreOptions, "repair" | "onWarning"> = {},
): Promise<Store> {
  const onWarning = (warning: StoreWarning): void => tellWarning(warning, stderr);
  const options: OpenStoreOptions = { onWarning, lostKey: "refuse", redis: { signal }, ...more };
  if (key !== undefined) return openStore(url, { ...options, key });
  try {
    return await openStore(url, options);
  } catch (error) {
    if (!hasCode(error, "STORE_KEY_REQUIRED")) throw error;
    return await openStore(url, { ...options, key: "keyring" }).catch((second: unknown) => {
      // The keyring was not even asked, as the store says that its key is elsewhere.
      throw hasCode(second, "STORE_KEY_WRONG") ? keyMissing(url, error) : second;
    });
  }
}

function hasCode(error: unknown, code: string): error is StoreError {
  return error instanceof StoreError && error.code === code;
}

function keyMissing(url: string, { peer = url }: StoreError): StoreError {
  const remedy = "name its key by --store-key keyring, env:NAME or file:PATH, or set FAIRLEAD_STORE_KEY";
  return new StoreError("STORE_KEY_REQUIRED", { peer, operation: "open", remedy });
}

/** A store, and what it is called. */
export interface OpenedStore extends AsyncDisposable {
  readonly store: Store;
  /** The URL without a password. */
  readonly url: string;
}

/**
 * Opens the store that was asked for, or an empty one where there is none: looking is no reason to create a store. A key is:
 * who encrypts a store before anything is in it does not find it plain later.
 */
export async function openExisting(choice: StoreChoice, surroundings: Surroundings): Promise<OpenedStore> {
  const exists = storeExists(choice.url) || choice.key !== undefined;
  const store = await openChosen(exists ? choice : { url: "memory:", key: undefined }, surroundings);
  return {
    store,
    url: exists ? store.url : choice.url,
    [Symbol.asyncDispose]: () => store.close(),
  };
}

/** Whether what is at rest is encrypted. */
export function isEncrypted(store: Store): boolean {
  return store.sealBeside("look") !== undefined;
}

/** Of a collection that is not known nothing is dropped by looking at it, and its values are secrets. */
const UNKNOWN: CollectionOptions = { maxEntries: 1_000_000_000, secret: true };

/** Opens a collection as a manager does. */
export function openCollection(store: Store, name: string): Collection {
  return store.collection(name, isCollectionName(name) ? COLLECTIONS[name] : UNKNOWN);
}

/** All collections that hold records, or the one of this name if it does. */
export function collectionsOf(store: Store, wanted?: string): Collection[] {
  const names = store.collectionNames().filter((name) => wanted === undefined || name === wanted);
  return names.map((name) => openCollection(store, name));
}
