import type { CoapBlock } from "../block.ts";

/** What a block is to those of a request's body that have come. */
export type GatherDecision =
  /** The first: whatever was there under the same key is thrown away. */
  | { readonly type: "begin" }
  /** It follows what has come. */
  | { readonly type: "append" }
  /** It has come before, and is taken for granted. */
  | { readonly type: "repeated" }
  /** Something before it is missing: 4.08. */
  | { readonly type: "gap" }
  /** Its payload is not as long as it has to be: 4.00. */
  | { readonly type: "malformed" }
  /** The body would be larger than is taken: 4.13. */
  | { readonly type: "too-large" };

/**
 * Decides what a block is to those of a request's body that have come.
 *
 * @param gatheredBytes `undefined` where nothing has come.
 * @param announcedBytes what Size1 says.
 *
 * @see RFC 7959 sections 2.5 and 2.9
 */
export function decideGathering(
  gatheredBytes: number | undefined,
  { number, more, sizeBytes, isGathered = false }: CoapBlock,
  payloadBytes: number,
  maxBodyBytes: number,
  announcedBytes = 0,
): GatherDecision {
  const offset = number * sizeBytes;
  const isFull = isGathered ? payloadBytes > 0 && payloadBytes % sizeBytes === 0 : payloadBytes === sizeBytes;
  if ((more && !isFull) || (!isGathered && payloadBytes > sizeBytes)) return { type: "malformed" };
  if (offset + payloadBytes > maxBodyBytes || announcedBytes > maxBodyBytes) return { type: "too-large" };
  if (number === 0) return { type: "begin" };
  if (gatheredBytes === undefined || offset > gatheredBytes) return { type: "gap" };
  if (offset === gatheredBytes) return { type: "append" };
  // A last block is never a repetition: behind it, nothing is gathered any more.
  return more && offset + payloadBytes <= gatheredBytes ? { type: "repeated" } : { type: "gap" };
}
