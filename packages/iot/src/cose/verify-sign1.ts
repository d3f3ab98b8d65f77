import { constants, verify } from "node:crypto";
import { ContentError, PolicyError } from "@fairlead/core";
import { type CoseSign1, readCoseSign1, signedBytes } from "./protocol/cose-sign1.ts";
import type { CoseVerificationKey } from "./verification-key.ts";

/** What a message is verified by. */
export interface VerifySign1Options {
  /** Those that are trusted. A message that names one is verified by the key of that ID; any other by every key that fits. */
  readonly keys: readonly CoseVerificationKey[];
  /** Where the message has none itself. */
  readonly detachedPayload?: Uint8Array | undefined;
  /** What was signed besides: empty by default. */
  readonly externalData?: Uint8Array | undefined;
}

/** What was signed, and by whom. */
export interface VerifiedSign1 {
  readonly payload: Uint8Array;
  readonly key: CoseVerificationKey;
}

/**
 * Verifies a message with one signature.
 *
 * @throws ContentError COSE_MALFORMED, COSE_UNSUPPORTED, COSE_SIGNATURE_INVALID.
 * @throws PolicyError COSE_KEY_UNKNOWN where no key is trusted that could have signed it.
 *
 * @see RFC 9052 section 4.4
 */
export function verifySign1(bytes: Uint8Array, options: VerifySign1Options): VerifiedSign1 {
  const { keys, detachedPayload, externalData } = options;
  const message = readCoseSign1(bytes);
  const payload = message.payload ?? detachedPayload;
  if (payload === undefined || (message.payload !== undefined && detachedPayload !== undefined)) {
    throw new ContentError("COSE_MALFORMED", { operation, detail: "it has no payload, or two" });
  }
  const fitting = keys.filter((key) => fits(key, message));
  if (fitting.length === 0) throw new PolicyError("COSE_KEY_UNKNOWN", { operation });
  const signed = signedBytes(message, payload, externalData);
  const key = fitting.find((candidate) => isSignedBy(candidate, message, signed));
  if (key === undefined) throw new ContentError("COSE_SIGNATURE_INVALID", { operation });
  return { payload, key };
}

function fits({ keyId, kind, algorithm }: CoseVerificationKey, message: CoseSign1): boolean {
  const isNamed = message.keyId === undefined || (keyId !== undefined && Buffer.from(keyId).equals(message.keyId));
  return isNamed && message.algorithm.keys.includes(kind) && (algorithm ?? message.algorithm) === message.algorithm;
}

function isSignedBy(
  { kind, key }: CoseVerificationKey,
  { algorithm, signature }: CoseSign1,
  signed: Uint8Array,
): boolean {
  if (kind === "RSA") {
    const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;
    return verify(algorithm.hash, signed, { key, padding, saltLength }, signature);
  }
  return verify(algorithm.hash, signed, { key, dsaEncoding: "ieee-p1363" }, signature);
}

const operation = "verify a signature";
