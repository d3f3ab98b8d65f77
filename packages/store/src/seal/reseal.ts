import { setImmediate as nextTurn } from "node:timers/promises";
import type { CollectionChanges, RecordChange } from "../change-queue.ts";
import { isCollectionName } from "../collection-name.ts";
import type { RecordSeal } from "../record-seal.ts";
import type { StoreBackend } from "../store-backend.ts";
import type { LoadedRecords } from "../stored-record.ts";
import { resealRecord } from "./reseal-changes.ts";

/** Records that are sealed anew before others have their turn: some milliseconds. */
const recordsAtOnce = 200;

/**
 * Makes the changes that lead from one seal to another, in every collection. What is taken meanwhile is not brought back;
 * what the old seal cannot open goes.
 *
 * @param onProgress is waited for now and then.
 */
export async function resealAll(
  backend: StoreBackend,
  from: RecordSeal,
  to: RecordSeal,
  onProgress: () => Promise<void>,
): Promise<Map<string, CollectionChanges>> {
  const batch = new Map<string, CollectionChanges>();
  for (const collection of backend.collectionNames().filter(isCollectionName)) {
    const loaded = await (backend.loadAll?.(collection) ?? backend.load(collection));
    const records = await resealRecords(collection, loaded, from, to, onProgress);
    batch.set(collection, { clear: false, purgeAt: undefined, records, trimTo: undefined });
  }
  return batch;
}

/** Makes the changes that empty every collection. */
export function clearAll(backend: StoreBackend): Map<string, CollectionChanges> {
  const names = backend.collectionNames().filter(isCollectionName);
  return new Map(
    names.map((name) => [name, { clear: true, purgeAt: undefined, records: new Map(), trimTo: undefined }]),
  );
}

async function resealRecords(
  collection: string,
  loaded: LoadedRecords,
  from: RecordSeal,
  to: RecordSeal,
  onProgress: () => Promise<void>,
): Promise<Map<string, RecordChange>> {
  const changes = new Map<string, RecordChange>();
  for (const [index, name] of loaded.names.entries()) {
    if (index % recordsAtOnce === recordsAtOnce - 1) {
      await nextTurn();
      await onProgress();
    }
    const value = loaded.value(index);
    const stored = value && {
      value,
      expiresAt: loaded.expiresAt[index] ?? undefined,
      writtenAt: loaded.writtenAt(index),
    };
    const resealed = stored && resealRecord(collection, name, stored, from, to);
    if (resealed === undefined) changes.set(name, { type: "delete" });
    else changes.set(resealed.name, { type: "put", replaces: name, ...resealed.stored });
  }
  return changes;
}
