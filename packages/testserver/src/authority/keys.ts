import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import { generateHugeRsaKey } from "./huge-rsa-key.ts";
import type { KeyPair } from "./key-pair.ts";

/** Algorithm and size of a key. Sizes are in bits, as in `RSA-2048`; `RSA-PSS` keys sign in no other way. */
export type KeyAlgorithm =
  | "P-256"
  | "P-384"
  | "P-521"
  | "secp256k1"
  | "brainpoolP256r1"
  | "Ed25519"
  | "Ed448"
  | `RSA-${number}`
  | `RSA-PSS-${number}`;

const generate = promisify(generateKeyPair);

/** From this many bits on, primes of the full size take too long to find. */
const hugeBits = 6144;

/** Makes a key, of up to 16,384 bits, on the thread pool. */
export async function generateKeys(algorithm: KeyAlgorithm): Promise<KeyPair> {
  switch (algorithm) {
    case "Ed25519":
      return await generate("ed25519");
    case "Ed448":
      return await generate("ed448");
    case "P-256":
    case "P-384":
    case "P-521":
    case "secp256k1":
    case "brainpoolP256r1":
      return await generate("ec", { namedCurve: algorithm });
    default: {
      const modulusLength = Number(algorithm.slice(algorithm.lastIndexOf("-") + 1));
      if (algorithm.startsWith("RSA-PSS-")) return await generatePss(modulusLength);
      return modulusLength < hugeBits
        ? await generate("rsa", { modulusLength })
        : await generateHugeRsaKey(modulusLength);
    }
  }
}

/** Makes an RSA key whose public exponent is 3, which was common once. */
export async function generateRsaKeysWithExponent3(modulusLength: number): Promise<KeyPair> {
  return await generate("rsa", { modulusLength, publicExponent: 3 });
}

async function generatePss(modulusLength: number): Promise<KeyPair> {
  const terms = { modulusLength, hashAlgorithm: "sha256", mgf1HashAlgorithm: "sha256" };
  return await new Promise((resolve, reject) => {
    generateKeyPair("rsa-pss", terms, (error, publicKey, privateKey) => {
      if (error === null) resolve({ publicKey, privateKey });
      else reject(error);
    });
  });
}
