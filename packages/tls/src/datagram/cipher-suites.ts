/** A cipher suite of TLS 1.2 by its registered name. */
export type DtlsCipherSuite = (typeof dtlsCipherSuites)[number];

/**
 * The cipher suites that are offered, best first: authenticated encryption only, forward secrecy before none, and the
 * short tags of CCM_8 last, which small devices have and nobody else should need.
 *
 * @see RFC 9325 section 4.2; RFC 7925 sections 4.2 and 4.4; RFC 7252 section 9.1.3
 */
export const dtlsCipherSuites = [
  "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_ECDSA_WITH_AES_128_CCM",
  "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8",
  "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_PSK_WITH_AES_128_GCM_SHA256",
  "TLS_PSK_WITH_AES_256_GCM_SHA384",
  "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_PSK_WITH_AES_128_CCM",
  "TLS_PSK_WITH_AES_128_CCM_8",
] as const;

/** Whether the key that both sides know authenticates them, and no certificate does. */
export function isPskSuite(suite: DtlsCipherSuite): boolean {
  return suite.includes("PSK_WITH_");
}
