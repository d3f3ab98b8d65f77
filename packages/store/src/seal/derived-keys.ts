import { createSecretKey, hkdfSync, type KeyObject } from "node:crypto";

/** What a key of its own is derived for. */
export type KeyPurpose = "names" | "values" | "check" | `beside ${string} names` | `beside ${string} values`;

/**
 * Derives a key from that of a store: each generation and each purpose has its own, and none tells another.
 *
 * @see RFC 5869
 */
export function deriveKey(key: Uint8Array, generation: string, purpose: KeyPurpose): KeyObject {
  return createSecretKey(derive(key, generation, purpose));
}

/** Tells whether a key is that of a generation, and nothing else about it. */
export function checkOf(key: Uint8Array, generation: string): string {
  return derive(key, generation, "check").toString("base64url");
}

function derive(key: Uint8Array, generation: string, purpose: KeyPurpose): Buffer {
  return Buffer.from(hkdfSync("sha256", key, generation, `fairlead store ${purpose}`, 32));
}
