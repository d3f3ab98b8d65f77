import type { CachedHead, CacheEntry } from "./cache-storage.ts";

/** A response that is kept, without its number, as text. What was absent stays absent: `undefined` is not in JSON. */
export function encodeHead(head: CachedHead, parts: CacheEntry["parts"]): string {
  const { status, message, fields, requestTime, responseTime, identity, completeLength } = head;
  const selecting = Object.entries(head.selectingFields).map(([name, value]) => [name, value ?? null]);
  return JSON.stringify({
    status,
    message,
    fields,
    requestTime,
    responseTime,
    identity,
    completeLength: completeLength ?? null,
    selecting,
    parts,
  });
}

/** Reads what `encodeHead` wrote. */
export function decodeHead(text: string): Omit<CacheEntry, "id"> {
  // Our own text: storages check that it is whole.
  const { selecting, completeLength, ...others } = JSON.parse(text) as Omit<
    CacheEntry,
    "id" | "selectingFields" | "completeLength"
  > & { readonly selecting: readonly (readonly [string, string | null])[]; readonly completeLength: number | null };
  return {
    ...others,
    completeLength: completeLength ?? undefined,
    selectingFields: Object.fromEntries(selecting.map(([name, value]) => [name, value ?? undefined])),
  };
}
