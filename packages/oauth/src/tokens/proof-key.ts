import type { StoredProofKey } from "@fairlead/http/authentication";
import { createPrivateKey, createPublicKey, generateKeyPair, KeyObject, type webcrypto } from "node:crypto";
import { promisify } from "node:util";

/** What tokens are bound to: ECDSA by P-256 with SHA-256, ES256, which every server of DPoP knows. */
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;

/** Makes a key that nobody has. */
export async function makeProofKey(): Promise<webcrypto.CryptoKeyPair> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
  return pairOf(privateKey, publicKey);
}

/** What is stored of a key. Secret. */
export function storedProofKey({ privateKey }: webcrypto.CryptoKeyPair): StoredProofKey {
  // A private key of P-256 has all of these.
  const { x, y, d } = KeyObject.from(privateKey).export({ format: "jwk" }) as unknown as StoredProofKey;
  return { kty: "EC", crv: "P-256", x, y, d };
}

/** Reads what was stored; `undefined` for numbers that are no key. */
export function readProofKey(stored: StoredProofKey): webcrypto.CryptoKeyPair | undefined {
  try {
    const key = createPrivateKey({ key: { ...stored }, format: "jwk" });
    return pairOf(key, createPublicKey(key));
  } catch {
    return undefined;
  }
}

function pairOf(privateKey: KeyObject, publicKey: KeyObject): webcrypto.CryptoKeyPair {
  return {
    // It is stored with the tokens.
    privateKey: privateKey.toCryptoKey(ALGORITHM, true, ["sign"]),
    publicKey: publicKey.toCryptoKey(ALGORITHM, true, ["verify"]),
  };
}
