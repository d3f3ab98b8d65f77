import { createHash } from "node:crypto";

/** Hashes by `node:crypto`. SHA-1 names certificates in OCSP, and protects nothing there. */
export function hashWithNode(algorithm: "sha1" | "sha256", bytes: Uint8Array): Uint8Array {
  return createHash(algorithm).update(bytes).digest();
}
