import { constants, type KeyObject, sign } from "node:crypto";
import { type KeyKind, signatureAlgorithm, type SignatureHash } from "./protocol/algorithms.ts";
import { writeSigned } from "./protocol/certificate-elements.ts";
import { type Der, explicit, sequence } from "./protocol/der.ts";

/** Signs with a key that it keeps to itself. */
export interface Signer {
  /** AlgorithmIdentifier of its signatures with this hash. */
  readonly algorithm: (hash?: SignatureHash) => Der;
  /** SHA-256 by default; EdDSA has a hash of its own. */
  readonly sign: (bytes: Uint8Array, hash?: SignatureHash) => Uint8Array;
}

/** Makes a signer of a private key. */
export function createSigner(privateKey: KeyObject): Signer {
  const kind = kindOf(privateKey);
  const isEdwards = kind === "ed25519" || kind === "ed448";
  const padding = kind === "rsa-pss" ? { padding: constants.RSA_PKCS1_PSS_PADDING } : {};
  return {
    algorithm: (hash = "sha256") => signatureAlgorithm(kind, hash),
    sign: (bytes, hash = "sha256") =>
      sign(isEdwards ? undefined : hash, bytes, {
        key: privateKey,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
        ...padding,
      }),
  };
}

/**
 * Signs an inner element and writes the outer one: a certificate, a revocation list, or the inside of an OCSP response,
 * which has certificates besides.
 */
export function writeSignedBy(
  { algorithm, sign: signWith }: Signer,
  toBeSigned: Uint8Array,
  hash?: SignatureHash,
  certificates: readonly Uint8Array[] = [],
): Uint8Array {
  const more = certificates.length === 0 ? [] : [explicit(0, sequence(...certificates))];
  return writeSigned(toBeSigned, algorithm(hash), signWith(toBeSigned, hash), ...more);
}

function kindOf(key: KeyObject): KeyKind {
  const { asymmetricKeyType: type } = key;
  if (type === "ec" || type === "rsa" || type === "rsa-pss" || type === "ed25519" || type === "ed448") return type;
  throw new TypeError(`${type} keys sign no certificates`);
}
