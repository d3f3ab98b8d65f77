import { UsageError } from "@fairlead/core";
import type { Store } from "@fairlead/store";
import type { ResponseCache } from "../cache/response-cache.ts";
import { isCollectionName, openCollection, type CollectionName } from "../memory/collections.ts";
import type { CookieMemories } from "../memory/cookie-memories.ts";
import { readerOf } from "../memory/readers/collection-readers.ts";
import { unwrittenSecrets } from "../memory/secret-store.ts";
import type { Subscriptions } from "../memory/subscriptions.ts";
import { EVERYTHING, forgetScope, type Forgetful, type ForgetRequest, type ForgetScope } from "./scope.ts";

/** What a manager keeps: a collection of its store, or the responses of its cache. */
export type MemoryName = CollectionName | "responses";

/** How many records were forgotten of each collection, and how many responses; what there was none of is left out. */
export type ForgottenCounts = Partial<Readonly<Record<MemoryName, number>>>;

/** What a manager has learned, and where. */
export interface ForgetGround {
  readonly store: Store;
  readonly responses: ResponseCache | undefined;
  readonly subscriptions: Subscriptions;
  /** Those that may be in memory alone. */
  readonly cookies: readonly CookieMemories[];
  /** Whatever has learned beside the store, by the collection whose records it goes with; `undefined` for none of them. */
  readonly forgetful: readonly (readonly [CollectionName | undefined, Forgetful])[];
}

/**
 * Forgets what was learned of a site, or within a time, and waits until that is durable.
 *
 * @throws UsageError OPTION_INVALID; StoreError STORE_WRITE_FAILED when it could not be written: it stays forgotten here.
 */
export async function forget(request: ForgetRequest, ground: ForgetGround): Promise<ForgottenCounts> {
  const scope = forgetScope(request);
  const counts = new Counts();
  for (const store of await storesOf(ground)) {
    for (const name of keptIn(store)) counts.add(name, forgetRecords(name, scope, { ...ground, store }));
  }
  counts.add("responses", ground.responses?.forgetWithin(scope) ?? 0);
  for (const [name, part] of ground.forgetful) counts.add(name, part.forgetWithin(scope));
  await ground.store.flush();
  return counts.read();
}

/**
 * Forgets all of one kind, or all, and waits until that is durable.
 *
 * @throws UsageError OPTION_INVALID for a name that is none; StoreError STORE_WRITE_FAILED.
 */
export async function clear(cleared: MemoryName | undefined, ground: ForgetGround): Promise<ForgottenCounts> {
  if (cleared !== undefined && cleared !== "responses" && !isCollectionName(cleared)) {
    throw new UsageError("OPTION_INVALID", { operation: "clear", detail: "there is no such collection" });
  }
  const isMeant = (name: MemoryName | undefined): boolean => cleared === undefined || cleared === name;
  const counts = new Counts();
  for (const store of await storesOf(ground)) {
    for (const name of keptIn(store).filter(isMeant)) counts.add(name, clearRecords(name, { ...ground, store }));
  }
  if (isMeant("responses")) counts.add("responses", ground.responses?.forgetWithin(EVERYTHING) ?? 0);
  for (const [name, part] of ground.forgetful) if (isMeant(name)) counts.add(name, part.forgetWithin(EVERYTHING));
  await ground.store.flush();
  return counts.read();
}

/**
 * Forgets one record, or the responses of one resource, and waits until that is durable.
 *
 * @returns whether there was one.
 * @throws UsageError OPTION_INVALID for a name that is none; StoreError STORE_WRITE_FAILED.
 */
export async function forgetRecord(name: MemoryName, key: string, ground: ForgetGround): Promise<boolean> {
  if (name !== "responses" && !isCollectionName(name)) {
    throw new UsageError("OPTION_INVALID", { operation: "forget", detail: "there is no such collection" });
  }
  const isForgotten =
    name === "responses"
      ? ground.responses?.forgetResource(key) === true
      : ground.cookies.some((cookies) => isCookies(name) && cookies.forgetUnwritten(key)) ||
        (await deleteRecord(name, key, ground));
  if (isForgotten) await ground.store.flush();
  return isForgotten;
}

/** What was learned from the record goes with it, and connections that tell of its hosts. */
async function deleteRecord(name: CollectionName, key: string, ground: ForgetGround): Promise<boolean> {
  const hosts: string[] = [];
  let isForgotten = false;
  for (const store of await storesOf(ground)) {
    const collection = openCollection(store, name);
    const record = collection.get(key);
    if (record === undefined || !collection.delete(key)) continue;
    hosts.push(...readerOf(name).hosts(record));
    ground.subscriptions.tell(collection, key);
    isForgotten = true;
  }
  if (!isForgotten) return false;
  const ofTheRecord: ForgetScope = { site: undefined, covers: (others) => others.some((host) => hosts.includes(host)) };
  for (const [each, part] of ground.forgetful) {
    if (each === name) part.forgetWithin(NOTHING);
    if (each === undefined) part.forgetWithin(ofTheRecord);
  }
  return true;
}

/** Has a part drop what it has of records that are gone. */
const NOTHING: ForgetScope = { site: undefined, covers: () => false };

function isCookies(name: CollectionName): boolean {
  return name === "cookies" || name === "partitioned-cookies";
}

/** The store, and what is in memory because it is not encrypted. */
async function storesOf({ store }: ForgetGround): Promise<readonly Store[]> {
  const unwritten = await unwrittenSecrets(store);
  return unwritten === undefined ? [store] : [store, unwritten];
}

/** Collections of ours that hold anything; those of others are theirs. */
function keptIn(store: Store): readonly CollectionName[] {
  return store.collectionNames().filter(isCollectionName);
}

function forgetRecords(name: CollectionName, scope: ForgetScope, { store, subscriptions }: ForgetGround): number {
  const collection = openCollection(store, name);
  const { hosts } = readerOf(name);
  let forgotten = 0;
  for (const record of collection.entries()) {
    if (!scope.covers(hosts(record), record.writtenAt) || !collection.delete(record.key)) continue;
    forgotten += 1;
    subscriptions.tell(collection, record.key);
  }
  return forgotten;
}

/** What is not to be seen here, damaged or of others who write just now, goes as well. */
function clearRecords(name: CollectionName, { store, subscriptions }: ForgetGround): number {
  const collection = openCollection(store, name);
  const keys = Array.from(collection.entries(), ({ key }) => key);
  collection.clear();
  for (const key of keys) subscriptions.tell(collection, key);
  return keys.length;
}

class Counts {
  readonly #counts = new Map<MemoryName, number>();

  add(name: MemoryName | undefined, count: number): void {
    if (name !== undefined && count > 0) this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  read(): ForgottenCounts {
    return Object.fromEntries(this.#counts);
  }
}
