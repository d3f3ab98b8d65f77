import {
  DerFields,
  type DerNode,
  derTag,
  MalformedDer,
  readBytesOfBits,
  readInteger,
  readOid,
  readUnsigned,
  type ReadDer,
} from "./der-node.ts";

/** An AlgorithmIdentifier; `raw` for comparing. */
export interface AlgorithmIdentifier {
  readonly oid: string;
  readonly parameters: DerNode | undefined;
  readonly raw: Uint8Array;
}

/** How a signature is made, among those that are accepted. */
export type SignatureAlgorithm =
  | { readonly type: "rsa" | "ecdsa"; readonly hash: SignatureHash }
  | { readonly type: "rsa-pss"; readonly hash: SignatureHash; readonly saltLength: number }
  | { readonly type: "eddsa" };

/** Hashes that a signature may rest on. */
export type SignatureHash = "sha256" | "sha384" | "sha512";

/** What a public key is. */
export type PublicKeyFacts =
  | { readonly type: "rsa"; readonly bits: number }
  | { readonly type: "ec"; readonly curve: string }
  | { readonly type: "eddsa" }
  | { readonly type: "unsupported"; readonly name: string };

/** @throws MalformedDer */
export function readAlgorithm(node: DerNode): AlgorithmIdentifier {
  const fields = new DerFields(node);
  const oid = readOid(fields.any());
  const parameters = node.children.length > 1 ? fields.any() : undefined;
  fields.end();
  return { oid, parameters, raw: node.raw };
}

/**
 * Names the signature algorithm; `undefined` for one that is not accepted: MD5, SHA-1, DSA, and what is unknown.
 *
 * @see RFC 8017 appendix A.2.3, RFC 5758, RFC 8410
 */
export function signatureAlgorithm({ oid, parameters }: AlgorithmIdentifier): SignatureAlgorithm | undefined {
  const plain = plainSignatures[oid];
  if (plain !== undefined) return plain;
  if (oid !== rsaPss || parameters === undefined) return undefined;
  try {
    return readPssParameters(parameters);
  } catch (error) {
    if (error instanceof MalformedDer) return undefined;
    throw error;
  }
}

/**
 * Names the hash of a signature for `tls-server-end-point`: SHA-256 where it is MD5 or SHA-1, and `undefined` where there
 * is not exactly one.
 *
 * @see RFC 5929 section 4.1
 */
export function endPointHash(algorithm: AlgorithmIdentifier): string | undefined {
  const named = endPointHashes[algorithm.oid];
  if (named !== undefined) return named;
  const accepted = signatureAlgorithm(algorithm);
  return accepted === undefined || accepted.type === "eddsa" ? undefined : accepted.hash;
}

/** Tells whether a key of this kind can have made such a signature. */
export function keyFitsSignature(key: PublicKeyFacts, signature: SignatureAlgorithm): boolean {
  const kinds = { rsa: "rsa", "rsa-pss": "rsa", ecdsa: "ec", eddsa: "eddsa" } as const;
  return key.type === kinds[signature.type];
}

/** The key of a SubjectPublicKeyInfo, without its algorithm: what key hashes are made of. @throws MalformedDer */
export function readKeyBits(publicKeyInfo: DerNode): Uint8Array {
  const fields = new DerFields(publicKeyInfo);
  fields.any();
  return readBytesOfBits(fields.any());
}

/** Reads what a SubjectPublicKeyInfo is about. @throws MalformedDer */
export function readPublicKey(node: DerNode, readDer: ReadDer): PublicKeyFacts {
  const fields = new DerFields(node);
  const { oid, parameters } = readAlgorithm(fields.take(derTag.sequence));
  const key = readBytesOfBits(fields.any());
  fields.end();
  if (oid === rsaEncryption || oid === rsaPss) return { type: "rsa", bits: modulusBits(readDer(key)) };
  if (oid === ecPublicKey) {
    if (parameters?.tag !== derTag.oid) return { type: "unsupported", name: "elliptic curve with explicit parameters" };
    return { type: "ec", curve: curves[parameters.text ?? ""] ?? parameters.text ?? "unknown" };
  }
  if (oid === ed25519 || oid === ed448) return { type: "eddsa" };
  return { type: "unsupported", name: oid === dsa ? "DSA" : oid };
}

/**
 * Says why a key is too weak to rely on; `undefined` when it is not.
 *
 * @see CA/Browser Forum Baseline Requirements section 6.1.5
 */
export function keyWeakness(key: PublicKeyFacts): string | undefined {
  switch (key.type) {
    case "rsa":
      if (key.bits < 2048) return `RSA with ${String(key.bits)} bits`;
      return key.bits > maxRsaBits ? `RSA with more than ${String(maxRsaBits)} bits` : undefined;
    case "ec":
      return Object.values(curves).includes(key.curve) ? undefined : `elliptic curve ${key.curve}`;
    case "eddsa":
      return undefined;
    case "unsupported":
      return key.name;
  }
}

/** One signature check costs as the cube of the size. */
const maxRsaBits = 16_384;

const rsaEncryption = "1.2.840.113549.1.1.1";
const rsaPss = "1.2.840.113549.1.1.10";
const mgf1 = "1.2.840.113549.1.1.8";
const ecPublicKey = "1.2.840.10045.2.1";
const ed25519 = "1.3.101.112";
const ed448 = "1.3.101.113";
const dsa = "1.2.840.10040.4.1";

const curves: Readonly<Record<string, string>> = {
  "1.2.840.10045.3.1.7": "P-256",
  "1.3.132.0.34": "P-384",
  "1.3.132.0.35": "P-521",
};

const hashes: Readonly<Record<string, SignatureHash>> = {
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

/** Of signatures that are not accepted otherwise: MD5, SHA-1 and SHA-224 with RSA, SHA-1 and SHA-224 with ECDSA. */
const endPointHashes: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.4": "sha256",
  "1.2.840.113549.1.1.5": "sha256",
  "1.2.840.113549.1.1.14": "sha224",
  "1.2.840.10045.4.1": "sha256",
  "1.2.840.10045.4.3.1": "sha224",
};

const plainSignatures: Readonly<Record<string, SignatureAlgorithm>> = {
  "1.2.840.113549.1.1.11": { type: "rsa", hash: "sha256" },
  "1.2.840.113549.1.1.12": { type: "rsa", hash: "sha384" },
  "1.2.840.113549.1.1.13": { type: "rsa", hash: "sha512" },
  "1.2.840.10045.4.3.2": { type: "ecdsa", hash: "sha256" },
  "1.2.840.10045.4.3.3": { type: "ecdsa", hash: "sha384" },
  "1.2.840.10045.4.3.4": { type: "ecdsa", hash: "sha512" },
  [ed25519]: { type: "eddsa" },
  [ed448]: { type: "eddsa" },
};

function readPssParameters(node: DerNode): SignatureAlgorithm | undefined {
  const fields = new DerFields(node);
  // What is left out means SHA-1.
  const hash = readAlgorithm(new DerFields(fields.take(0xa0), 0xa0).any());
  const mask = readAlgorithm(new DerFields(fields.take(0xa1), 0xa1).any());
  const salt = fields.optional(0xa2);
  fields.end();
  const name = hashes[hash.oid];
  const sameHash = mask.parameters !== undefined && readAlgorithm(mask.parameters).oid === hash.oid;
  if (name === undefined || mask.oid !== mgf1 || !sameHash) return undefined;
  const saltLength = salt === undefined ? 20 : readUnsigned(new DerFields(salt, 0xa2).any());
  return { type: "rsa-pss", hash: name, saltLength };
}

function modulusBits(node: DerNode): number {
  const fields = new DerFields(node);
  const modulus = readInteger(fields.any());
  readInteger(fields.any());
  fields.end();
  const [first = 0] = modulus;
  if (first >= 0x80) throw new MalformedDer("a modulus is negative");
  const significant = modulus.subarray(first === 0 ? 1 : 0);
  return significant.length === 0 ? 0 : significant.length * 8 - Math.clz32(significant[0] ?? 0) + 24;
}
