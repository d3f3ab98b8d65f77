import { constants, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { SignatureCheck } from "./protocol/path-builder.ts";

/** Checks one signature with `node:crypto`. What OpenSSL cannot read or does not know is no good signature. */
export function verifyWithNode({ algorithm, publicKeyInfo, signed, signature }: SignatureCheck): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKeyInfo), format: "der", type: "spki" });
    switch (algorithm.type) {
      case "rsa":
        return verify(algorithm.hash, signed, withPadding(key, constants.RSA_PKCS1_PADDING), signature);
      case "rsa-pss": {
        const { hash, saltLength } = algorithm;
        return verify(hash, signed, { ...withPadding(key, constants.RSA_PKCS1_PSS_PADDING), saltLength }, signature);
      }
      case "ecdsa":
        return verify(algorithm.hash, signed, key, signature);
      case "eddsa":
        return verify(null, signed, key, signature);
    }
  } catch {
    // Fails closed: a key that cannot be read has signed nothing.
    return false;
  }
}

function withPadding(key: KeyObject, padding: number): { readonly key: KeyObject; readonly padding: number } {
  return { key, padding };
}
