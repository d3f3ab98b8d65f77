import type { KnownHostLine } from "./known-hosts.ts";

/**
 * Key exchanges that are offered, the best first. Those of SHA-1 are not there, nor is any group below 2,048 bits.
 *
 * @see RFC 9142 section 4
 */
export const keyExchanges = [
  "curve25519-sha256",
  "curve25519-sha256@libssh.org",
  "ecdh-sha2-nistp256",
  "ecdh-sha2-nistp384",
  "ecdh-sha2-nistp521",
  "diffie-hellman-group16-sha512",
  "diffie-hellman-group18-sha512",
  "diffie-hellman-group14-sha256",
] as const;

/**
 * Ciphers that are offered. Neither CBC nor ChaCha20-Poly1305 is there, so that a server without strict key exchange
 * cannot be made to lose messages unseen (Terrapin, CVE-2023-48795).
 */
export const ciphers = [
  "aes128-gcm@openssh.com",
  "aes256-gcm@openssh.com",
  "aes128-ctr",
  "aes192-ctr",
  "aes256-ctr",
] as const;

/** Message authentication codes that are offered for counter mode: SHA-2 only. */
export const authenticationCodes = [
  "hmac-sha2-256-etm@openssh.com",
  "hmac-sha2-512-etm@openssh.com",
  "hmac-sha2-256",
  "hmac-sha2-512",
] as const;

/** Signatures of hosts that are offered: `ssh-rsa`, which is SHA-1, and `ssh-dss` are not there. RFC 8332. */
export const hostKeyAlgorithms = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
] as const;

/** One of {@link hostKeyAlgorithms}. */
export type HostKeyAlgorithm = (typeof hostKeyAlgorithms)[number];

/** Orders the signatures of a host so that it shows a key that is known, when it still has one. */
export function preferKnown(known: readonly KnownHostLine[]): readonly HostKeyAlgorithm[] {
  const types = new Set(known.map(({ keyType }) => keyType));
  const isKnown = (algorithm: HostKeyAlgorithm): boolean => types.has(keyTypeOf(algorithm));
  return [...hostKeyAlgorithms.filter(isKnown), ...hostKeyAlgorithms.filter((each) => !isKnown(each))];
}

function keyTypeOf(algorithm: HostKeyAlgorithm): string {
  return algorithm.startsWith("rsa-sha2-") ? "ssh-rsa" : algorithm;
}
