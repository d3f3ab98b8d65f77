import type { CollectionChanges } from "../change-queue.ts";
import type { RecordSeal } from "../record-seal.ts";
import type { StoredRecord } from "../stored-record.ts";

/** Makes changes that wait to be written those of another seal, in their place. */
export function resealChanges(collection: string, changes: CollectionChanges, from: RecordSeal, to: RecordSeal): void {
  const old = [...changes.records];
  changes.records.clear();
  for (const [name, change] of old) {
    switch (change.type) {
      case "put": {
        const resealed = resealRecord(collection, name, change, from, to);
        if (resealed !== undefined) changes.records.set(resealed.name, { type: "put", ...resealed.stored });
        break;
      }
      case "delete":
        // What has no key was damaged, and did not outlive the old seal.
        if (change.key !== undefined) changes.records.set(to.nameOf(collection, change.key), change);
        break;
      case "evict":
        // The bound of the collection sees to it.
        break;
    }
  }
}

/** Seals one record anew; `undefined` when the old seal cannot open it. */
export function resealRecord(
  collection: string,
  name: string,
  { value, expiresAt, writtenAt }: StoredRecord,
  from: RecordSeal,
  to: RecordSeal,
): { readonly name: string; readonly stored: StoredRecord } | undefined {
  const opened = from.open(collection, name, { value, expiresAt, writtenAt });
  if (opened === undefined) return undefined;
  const newName = to.nameOf(collection, opened.key);
  const sealed = to.seal(collection, newName, { ...opened, expiresAt, writtenAt });
  return { name: newName, stored: { value: sealed, expiresAt, writtenAt } };
}
