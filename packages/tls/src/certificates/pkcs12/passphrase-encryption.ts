import { createDecipheriv } from "node:crypto";
import { type AlgorithmIdentifier, readAlgorithm } from "../path/protocol/algorithms.ts";
import { DerFields, type DerNode, derTag, expectTag, MalformedDer, readUnsigned } from "../path/protocol/der-node.ts";
import { type DerivationBudget, derivePbkdf2Key, derivePkcs12Key, type Pkcs12Hash } from "./key-derivation.ts";
import { decryptRc2Cbc } from "./rc2.ts";

/** A passphrase in the two forms in which keys are derived from it. */
export interface Passphrase {
  readonly utf8: Buffer;
  readonly bmp: Buffer;
}

/** What was decrypted with another passphrase, as far as one can tell. */
export class WrongPassphrase extends Error {
  override readonly name = "WrongPassphrase";
}

/**
 * Decrypts what a passphrase protects: by PBES2 with AES or triple DES, or in the old ways of PKCS #12.
 *
 * @throws WrongPassphrase; MalformedDer for what is malformed, unknown or too much work.
 * @see RFC 8018 section 6.2, RFC 7292 appendix C
 */
export async function decryptByPassphrase(
  algorithm: AlgorithmIdentifier,
  encrypted: Uint8Array,
  passphrase: Passphrase,
  budget: DerivationBudget,
): Promise<Buffer> {
  if (algorithm.oid === pbes2) return decryptPbes2(algorithm.parameters, encrypted, passphrase, budget);
  const old = oldCiphers[algorithm.oid];
  if (old === undefined || algorithm.parameters === undefined) {
    throw new MalformedDer(`it is encrypted with ${algorithm.oid}`);
  }
  const fields = new DerFields(algorithm.parameters);
  const salt = fields.take(derTag.octetString).content;
  const iterations = readUnsigned(fields.any());
  fields.end();
  const derive = async (use: "key" | "iv", length: number): Promise<Buffer> => {
    budget.spend(iterations);
    return derivePkcs12Key("sha1", passphrase.bmp, salt, { use, iterations, length });
  };
  const key = await derive("key", old.keyBytes);
  const iv = await derive("iv", 8);
  if (old.cipher !== "rc2") {
    // Triple DES with two keys uses the first again.
    return decipher("des-ede3-cbc", Buffer.concat([key, key]).subarray(0, 24), iv, encrypted);
  }
  const plain = decryptRc2Cbc(key, 8 * old.keyBytes, iv, encrypted);
  if (plain === undefined) throw new WrongPassphrase("the padding is wrong");
  return plain;
}

/** How a key comes out of a passphrase by PBKDF2. */
export interface Pbkdf2Parameters {
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** Octets of the key, where it is said. */
  readonly keyBytes: number | undefined;
  readonly hash: Pkcs12Hash;
}

/** Reads PBKDF2-params. @throws MalformedDer. @see RFC 8018 appendix A.2 */
export function readPbkdf2Parameters(node: DerNode | undefined): Pbkdf2Parameters {
  if (node === undefined) throw new MalformedDer("the key derivation has no parameters");
  const fields = new DerFields(node);
  const salt = fields.take(derTag.octetString).content;
  const iterations = readUnsigned(fields.any());
  const length = fields.optional(derTag.integer);
  const prf = fields.optional(derTag.sequence);
  fields.end();
  const hash = prf === undefined ? "sha1" : hmacHashes[readAlgorithm(prf).oid];
  if (hash === undefined) throw new MalformedDer("its key derivation has an unknown function");
  return { salt, iterations, keyBytes: length && readUnsigned(length), hash };
}

/** PBKDF2 as an object identifier. */
export const pbkdf2Oid = "1.2.840.113549.1.5.12";

/** HMAC by object identifier. RFC 8018 appendix B.1. */
export const hmacHashes: Readonly<Record<string, Pkcs12Hash>> = {
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.8": "sha224",
  "1.2.840.113549.2.9": "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};

const pbes2 = "1.2.840.113549.1.5.13";

const oldCiphers: Readonly<Record<string, { readonly cipher: "3des" | "rc2"; readonly keyBytes: number }>> = {
  "1.2.840.113549.1.12.1.3": { cipher: "3des", keyBytes: 24 },
  "1.2.840.113549.1.12.1.4": { cipher: "3des", keyBytes: 16 },
  "1.2.840.113549.1.12.1.5": { cipher: "rc2", keyBytes: 16 },
  "1.2.840.113549.1.12.1.6": { cipher: "rc2", keyBytes: 5 },
};

const modernCiphers: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  "2.16.840.1.101.3.4.1.2": { name: "aes-128-cbc", keyBytes: 16 },
  "2.16.840.1.101.3.4.1.22": { name: "aes-192-cbc", keyBytes: 24 },
  "2.16.840.1.101.3.4.1.42": { name: "aes-256-cbc", keyBytes: 32 },
  "1.2.840.113549.3.7": { name: "des-ede3-cbc", keyBytes: 24 },
};

async function decryptPbes2(
  parameters: DerNode | undefined,
  encrypted: Uint8Array,
  { utf8 }: Passphrase,
  budget: DerivationBudget,
): Promise<Buffer> {
  if (parameters === undefined) throw new MalformedDer("PBES2 has no parameters");
  const fields = new DerFields(parameters);
  const derivation = readAlgorithm(fields.any());
  const scheme = readAlgorithm(fields.any());
  fields.end();
  const cipher = modernCiphers[scheme.oid];
  if (derivation.oid !== pbkdf2Oid || cipher === undefined || scheme.parameters === undefined) {
    throw new MalformedDer(`it is encrypted with ${scheme.oid}, by ${derivation.oid}`);
  }
  const { salt, iterations, hash } = readPbkdf2Parameters(derivation.parameters);
  budget.spend(iterations);
  const key = await derivePbkdf2Key(utf8, salt, iterations, cipher.keyBytes, hash);
  return decipher(cipher.name, key, expectTag(scheme.parameters, derTag.octetString).content, encrypted);
}

function decipher(name: string, key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Buffer {
  try {
    const cipher = createDecipheriv(name, key, iv);
    return Buffer.concat([cipher.update(encrypted), cipher.final()]);
  } catch (error) {
    throw new WrongPassphrase("it cannot be decrypted", { cause: error });
  } finally {
    key.fill(0);
  }
}
