import { COLLECTIONS, isCollectionName } from "@fairlead/access/memory";
import { openStore, type Collection, type CollectionOptions, type Store, type StoreWarning } from "@fairlead/store";
import type { Surroundings } from "../command.ts";
import type { StoreChoice } from "./request.ts";
import { storeExists } from "./store-exists.ts";
import { tellWarning } from "./warning.ts";

/** Opens the store that was asked for, and makes it where there is none. The caller closes it. */
export async function openChosen({ url }: StoreChoice, { stderr }: Surroundings): Promise<Store> {
  const onWarning = (warning: StoreWarning): void => tellWarning(warning, stderr);
  return openStore(url, { onWarning });
}

/** Opens the store that was asked for, or an empty one where there is none: looking is no reason to create a store. */
export async function openExisting(choice: StoreChoice, surroundings: Surroundings): Promise<Store> {
  return openChosen(storeExists(choice.url) ? choice : { url: "memory:", key: undefined }, surroundings);
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
