import { ContentError } from "@fairlead/core";
import { type CborValue, isCborArray, isCborBytes, readCbor } from "../../protocol/cbor.ts";

/** Name of a hash that digests are made by. */
export type DigestAlgorithm = "sha256" | "sha384" | "sha512";

/** What something has to hash to. draft-ietf-suit-manifest-34 section 10. */
export interface SuitDigest {
  readonly algorithm: DigestAlgorithm;
  readonly bytes: Uint8Array;
}

/** Hashes bytes. */
export type Hash = (algorithm: DigestAlgorithm, bytes: Uint8Array) => Uint8Array;

/**
 * Reads a digest of a known algorithm.
 *
 * @throws ContentError FIRMWARE_MANIFEST_MALFORMED.
 */
export function readDigest(value: CborValue | undefined): SuitDigest {
  if (!isCborArray(value) || value.length !== 2) throw malformed("digest");
  const [number, bytes] = value;
  const facts = algorithms.get(number ?? null);
  if (facts === undefined) throw malformed("algorithm of a digest");
  if (!isCborBytes(bytes) || bytes.length !== facts.lengthBytes) throw malformed("length of a digest");
  return { algorithm: facts.algorithm, bytes };
}

/** Reads a digest that is wrapped in bytes, as {@link readDigest}. */
export function readWrappedDigest(bytes: CborValue | undefined): SuitDigest {
  return readDigest(isCborBytes(bytes) ? readCbor(bytes) : undefined);
}

/** Whether bytes hash to a digest. */
export function matchesDigest(digest: SuitDigest, bytes: Uint8Array, hash: Hash): boolean {
  return sameBytes(digest.bytes, hash(digest.algorithm, bytes));
}

/** Whether two strings of bytes are the same. Digests are public, so it may end at the first difference. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/**
 * Makes the error for what has not the form that it should.
 *
 * @param detail which part of an envelope
 */
export function malformed(detail: string): ContentError {
  return new ContentError("FIRMWARE_MANIFEST_MALFORMED", { operation: "read a manifest", detail });
}

/** RFC 9054 section 2. */
const algorithms: ReadonlyMap<CborValue, { readonly algorithm: DigestAlgorithm; readonly lengthBytes: number }> =
  new Map<CborValue, { readonly algorithm: DigestAlgorithm; readonly lengthBytes: number }>([
    [-16, { algorithm: "sha256", lengthBytes: 32 }],
    [-43, { algorithm: "sha384", lengthBytes: 48 }],
    [-44, { algorithm: "sha512", lengthBytes: 64 }],
  ]);
