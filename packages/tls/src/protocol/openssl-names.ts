import type { TlsCipher, TlsGroup } from "./algorithms.ts";

/** The cipher suites with these algorithms and an ephemeral key exchange, as OpenSSL's settings take them. */
export function opensslCiphers(ciphers: readonly TlsCipher[]): {
  /** Of TLS 1.3. */
  readonly suites: string;
  /** Of TLS 1.2. */
  readonly list: string;
} {
  return {
    suites: ciphers.map((cipher) => suites[cipher]).join(":"),
    list: ciphers.flatMap((cipher) => ciphersOf12[cipher]).join(":"),
  };
}

/**
 * Cipher suites of TLS 1.2 for a shared key, those with forward secrecy first (RFC 9325 section 4.1). TLS 1.3 has none of
 * its own.
 */
export const opensslPskCiphers = [
  "ECDHE-PSK-CHACHA20-POLY1305",
  "ECDHE-PSK-AES128-CBC-SHA256",
  "DHE-PSK-AES256-GCM-SHA384",
  "DHE-PSK-AES128-GCM-SHA256",
  "PSK-AES256-GCM-SHA384",
  "PSK-AES128-GCM-SHA256",
].join(":");

/** The same before all others of a list, for a server that has certificates as well. */
export function withPskCiphers(list: string): string {
  // `!PSK` could not be taken back, and `+` moves to the end.
  return `${list.replace("!PSK", "-PSK")}:${opensslPskCiphers}:+aRSA:+aECDSA`;
}

/** Key exchange groups as OpenSSL's settings take them. */
export function opensslGroups(groups: readonly TlsGroup[]): string {
  return groups.join(":");
}

const suites: Readonly<Record<TlsCipher, string>> = {
  AES_256_GCM: "TLS_AES_256_GCM_SHA384",
  AES_128_GCM: "TLS_AES_128_GCM_SHA256",
  CHACHA20_POLY1305: "TLS_CHACHA20_POLY1305_SHA256",
  AES_128_CCM: "TLS_AES_128_CCM_SHA256",
  AES_128_CCM_8: "TLS_AES_128_CCM_8_SHA256",
};

const ciphersOf12: Readonly<Record<TlsCipher, readonly string[]>> = {
  AES_256_GCM: ["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384", "DHE-PSK-AES256-GCM-SHA384"],
  AES_128_GCM: ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "DHE-PSK-AES128-GCM-SHA256"],
  CHACHA20_POLY1305: ["ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-PSK-CHACHA20-POLY1305"],
  AES_128_CCM: ["ECDHE-ECDSA-AES128-CCM"],
  AES_128_CCM_8: ["ECDHE-ECDSA-AES128-CCM8"],
};
