import type { CacheIdentity } from "./identity.ts";
import type { ByteRange } from "../range/byte-range.ts";
import type { StoredResponse } from "./stored-response.ts";

/** What is kept of a response beside its content. A status of 206 says that some bytes may be missing. */
export interface CachedHead extends StoredResponse {
  /** The reason phrase. */
  readonly message: string;
  readonly identity: CacheIdentity;
  /** Bytes of the whole representation; `undefined` when the server did not say. */
  readonly completeLength: number | undefined;
}

/** A head, and which bytes are held of its content: in order, apart from each other. */
export interface CachedResponse extends CachedHead {
  readonly parts: readonly ByteRange[];
}

/** A response that is kept, without its number, as text. What was absent stays absent: `undefined` is not in JSON. */
export function encodeHead(head: CachedHead, parts: CachedResponse["parts"]): string {
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
export function decodeHead(text: string): CachedResponse {
  // Our own text: storages check that it is whole.
  const { selecting, completeLength, ...others } = JSON.parse(text) as Omit<
    CachedResponse,
    "selectingFields" | "completeLength"
  > & { readonly selecting: readonly (readonly [string, string | null])[]; readonly completeLength: number | null };
  return {
    ...others,
    completeLength: completeLength ?? undefined,
    selectingFields: Object.fromEntries(selecting.map(([name, value]) => [name, value ?? undefined])),
  };
}
