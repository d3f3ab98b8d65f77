import { createPublicKey } from "node:crypto";
import { type AlgorithmIdentifier, type PublicKeyFacts, signatureAlgorithm } from "./path/protocol/algorithms.ts";

/** Names a public key: `RSA, 2048 bits`, `EC, P-256`, `Ed25519`. */
export function keyName(key: PublicKeyFacts, publicKeyInfo: Uint8Array): string {
  switch (key.type) {
    case "rsa":
      return `RSA, ${String(key.bits)} bits`;
    case "ec":
      return `EC, ${key.curve}`;
    case "eddsa":
      return edwardsName(publicKeyInfo);
    case "unsupported":
      return key.name;
  }
}

/** Names how a signature is made; those that are not accepted by their object identifier. */
export function signatureName(identifier: AlgorithmIdentifier): string {
  const algorithm = signatureAlgorithm(identifier);
  switch (algorithm?.type) {
    case "rsa":
      return `RSA with ${hashName(algorithm.hash)}`;
    case "ecdsa":
      return `ECDSA with ${hashName(algorithm.hash)}`;
    case "rsa-pss":
      return `RSA-PSS with ${hashName(algorithm.hash)}`;
    case "eddsa":
      return "EdDSA";
    case undefined:
      return weakNames[identifier.oid] ?? identifier.oid;
  }
}

const weakNames: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.4": "RSA with MD5",
  "1.2.840.113549.1.1.5": "RSA with SHA-1",
  "1.2.840.10045.4.1": "ECDSA with SHA-1",
};

function hashName(hash: string): string {
  return hash.toUpperCase().replace("SHA", "SHA-");
}

function edwardsName(publicKeyInfo: Uint8Array): string {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKeyInfo), format: "der", type: "spki" });
    return key.asymmetricKeyType === "ed448" ? "Ed448" : "Ed25519";
  } catch {
    return "EdDSA";
  }
}
