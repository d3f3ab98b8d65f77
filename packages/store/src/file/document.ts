import { setImmediate as turn } from "node:timers/promises";
import { assertFound } from "../batch-refused.ts";
import type { Batch, CollectionChanges } from "../change-queue.ts";
import { DocumentRecord, type JsonObject } from "./document-record.ts";

/**
 * The content of a `file:` store, which people read and edit:
 *
 * ```json
 * {
 *   "fairlead": { "version": 1 },
 *   "collections": {
 *     "hsts": { "a.example": { "value": { "includeSubDomains": true }, "expires": "2026-12-01T00:00:00.000Z" } },
 *     "tls-tickets": { "a.example:443": { "base64": "AAEC", "written": "2026-11-01T00:00:00.000Z" } }
 *   }
 * }
 * ```
 *
 * `value` stands for the bytes of that JSON text as `JSON.stringify` writes it, `base64` for any other bytes. Records
 * stand in the order of writing, but that JavaScript puts keys that look like array indices first. Members that
 * are not ours are kept. A document is never changed: a batch makes another one of it.
 */
export interface StoreDocument {
  /** All members of the file but `collections`. */
  readonly members: JsonObject;
  readonly collections: ReadonlyMap<string, ReadonlyMap<string, DocumentRecord>>;
}

/** Names of records by collection. */
export type RecordNames = ReadonlyMap<string, ReadonlySet<string>>;

/** Counts incompatible changes to the form of the file. */
export const documentVersion = 1;

/** A document without records. */
export const emptyDocument: StoreDocument = {
  members: { fairlead: { version: documentVersion } },
  collections: new Map(),
};

/**
 * Makes the changes of a batch.
 *
 * @returns the same document when they change nothing.
 * @throws BatchRefused
 */
export function applyBatch(document: StoreDocument, batch: Batch): StoreDocument {
  for (const [name, { requires }] of batch) {
    const found = requires && document.collections.get(name)?.get(requires.name);
    if (requires !== undefined) assertFound(found?.value, requires.value);
  }
  const collections = new Map(document.collections);
  let isChanged = false;
  for (const [name, changes] of batch) {
    const records = new Map(collections.get(name));
    if (!applyChanges(records, changes)) continue;
    isChanged = true;
    if (records.size > 0) collections.set(name, records);
    else collections.delete(name);
  }
  return isChanged ? { members: document.members, collections } : document;
}

/** @returns whether they change anything. */
function applyChanges(
  records: Map<string, DocumentRecord>,
  { clear, purgeAt, records: changed, trimTo }: CollectionChanges,
): boolean {
  const size = records.size;
  let isWritten = false;
  // A person's members go with the record.
  if (clear) records.clear();
  for (const [name, { expiresAt }] of records) {
    if (expiresAt !== undefined && purgeAt !== undefined && expiresAt <= purgeAt) records.delete(name);
  }
  for (const [name, change] of changed) {
    const found = records.get(change.type === "put" ? (change.replaces ?? name) : name);
    switch (change.type) {
      case "put":
        if (change.replaces !== undefined && !records.delete(change.replaces)) break;
        // Deleted first, so that it comes to stand last.
        records.delete(name);
        records.set(name, DocumentRecord.of(change, found?.members ?? {}));
        isWritten = true;
        break;
      case "delete":
        records.delete(name);
        break;
      case "evict":
        if (change.only === undefined || found?.writtenAt === change.only) records.delete(name);
        break;
    }
  }
  for (const name of records.keys()) {
    if (trimTo === undefined || records.size <= trimTo) break;
    records.delete(name);
  }
  // Without a put, records can only have become fewer.
  return isWritten || records.size < size;
}

/** Removes one record. @returns the same document when it is not there. */
export function withoutRecord(document: StoreDocument, collection: string, name: string): StoreDocument {
  const records = new Map([[name, { type: "delete" }] as const]);
  return applyBatch(
    document,
    new Map([[collection, { clear: false, purgeAt: undefined, records, trimTo: undefined }]]),
  );
}

/** So many records are compared at a time. */
const comparedAtOnce = 500;

/** Finds the records that two documents do not have alike. Other work comes in between. */
export async function differingNames(before: StoreDocument, after: StoreDocument): Promise<RecordNames> {
  const differing = new Map<string, Set<string>>();
  let compared = 0;
  for (const collection of new Set([...before.collections.keys(), ...after.collections.keys()])) {
    const old = before.collections.get(collection);
    const now = after.collections.get(collection);
    // A batch of ours leaves the others as they are.
    if (old === now) continue;
    const names = new Set<string>();
    for (const name of new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])) {
      if (old?.get(name)?.text !== now?.get(name)?.text) names.add(name);
      if (++compared % comparedAtOnce === 0) await turn();
    }
    if (names.size > 0) differing.set(collection, names);
  }
  return differing;
}
