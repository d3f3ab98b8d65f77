import { ContentError } from "@fairlead/core";
import { encode, Tagged } from "cborg";
import { type CborMap, type CborValue, isCborArray, isCborBytes, isCborMap, readCbor } from "../../protocol/cbor.ts";
import { type CoseAlgorithm, coseAlgorithms } from "./cose-algorithms.ts";

/** A message with one signature; not verified yet. RFC 9052 section 4.2. */
export interface CoseSign1 {
  readonly algorithm: CoseAlgorithm;
  /** A hint at the key, which anybody can have changed when it is not in the protected headers. */
  readonly keyId: Uint8Array | undefined;
  /** `undefined` where it is somewhere else: it is detached. */
  readonly payload: Uint8Array | undefined;
  readonly signature: Uint8Array;
  /** The protected headers as they were signed. */
  readonly protectedHeaders: Uint8Array;
}

/**
 * Reads a tagged COSE_Sign1. The algorithm must be in the protected headers, no header critical that is not
 * understood, and nothing unprotected but the key ID: what nobody has signed says nothing.
 *
 * @throws ContentError COSE_MALFORMED, COSE_UNSUPPORTED.
 *
 * @see RFC 9052 sections 3 and 4.2
 */
export function readCoseSign1(bytes: Uint8Array): CoseSign1 {
  const tagged = readCbor(bytes, { tags: [sign1Tag] });
  const parts = tagged instanceof Tagged ? (tagged.value as CborValue) : undefined;
  if (!isCborArray(parts) || parts.length !== 4) throw malformed("no COSE_Sign1");
  const [protectedBytes, unprotectedHeaders, payload, signature] = parts;
  if (!isCborBytes(protectedBytes) || !isCborMap(unprotectedHeaders)) throw malformed("headers");
  if (!isCborBytes(signature)) throw malformed("signature");
  if (payload !== null && !isCborBytes(payload)) throw malformed("payload");
  const headers = readProtected(protectedBytes);
  if ([...headers.keys()].some((label) => unprotectedHeaders.has(label)))
    throw malformed("a header that is there twice");
  checkCritical(headers, unprotectedHeaders);
  if ([...unprotectedHeaders.keys()].some((name) => name !== label.keyId))
    throw unsupported("header that is not protected");
  const keyId = headers.get(label.keyId) ?? unprotectedHeaders.get(label.keyId);
  if (keyId !== undefined && !isCborBytes(keyId)) throw malformed("key ID");
  return {
    algorithm: readAlgorithm(headers),
    ...{ keyId, payload: payload ?? undefined, signature },
    // A map without entries is signed as no bytes. RFC 9052 section 4.4.
    protectedHeaders: headers.size === 0 ? new Uint8Array(0) : protectedBytes,
  };
}

/**
 * Makes the bytes that a signature is over.
 *
 * @param externalData what is signed besides, and known to both
 *
 * @see RFC 9052 section 4.4
 */
export function signedBytes(
  { protectedHeaders }: Pick<CoseSign1, "protectedHeaders">,
  payload: Uint8Array,
  externalData: Uint8Array = new Uint8Array(0),
): Uint8Array {
  return encode(["Signature1", protectedHeaders, externalData, payload]);
}

function readProtected(bytes: Uint8Array): CborMap {
  if (bytes.length === 0) return new Map<CborValue, CborValue>();
  const headers = readCbor(bytes);
  if (!isCborMap(headers)) throw malformed("protected headers");
  return headers;
}

function readAlgorithm(headers: CborMap): CoseAlgorithm {
  const number = headers.get(label.algorithm);
  const algorithm = typeof number === "number" ? coseAlgorithms.get(number) : undefined;
  if (algorithm !== undefined) return algorithm;
  throw unsupported(number === undefined ? "no algorithm is protected" : "algorithm");
}

/** RFC 9052 section 3.1: they are listed in the protected headers, and each is there. */
function checkCritical(headers: CborMap, unprotectedHeaders: CborMap): void {
  const critical = headers.get(label.critical);
  if (unprotectedHeaders.has(label.critical)) throw malformed("critical headers that are not protected");
  if (critical === undefined) return;
  if (!isCborArray(critical) || critical.length === 0) throw malformed("critical headers");
  for (const name of critical) {
    if (name !== label.algorithm && name !== label.contentType && name !== label.keyId) {
      throw unsupported("critical header");
    }
    if (!headers.has(name)) throw malformed("a critical header that is missing");
  }
}

function malformed(detail: string): ContentError {
  return new ContentError("COSE_MALFORMED", { operation, detail });
}

function unsupported(detail: string): ContentError {
  return new ContentError("COSE_UNSUPPORTED", { operation, detail });
}

const operation = "read a signature";
const sign1Tag = 18;
const label = { algorithm: 1, critical: 2, contentType: 3, keyId: 4 } as const;
