/** What GnuTLS calls the parts of a cipher suite: `ECDHE-ECDSA`, `AES-256-GCM`, `SHA384`. */
export interface CipherSuiteParts {
  readonly version: "TLSv1.2" | "TLSv1.3";
  readonly keyExchange: string;
  readonly cipher: string;
  /** Of the pseudo-random function; a suite with a MAC of its own ends in that instead. */
  readonly hash: string;
  readonly mac: string;
}

/**
 * Writes the registered name of a cipher suite: `TLS_AES_256_GCM_SHA384`. (GnuTLS tells it itself only from 3.7.4 on.)
 *
 * @see The IANA registry "TLS Cipher Suites"
 */
export function cipherSuiteName({ version, keyExchange, cipher, hash, mac }: CipherSuiteParts): string {
  const aead = mac === "AEAD" || mac === "MAC-NULL";
  const encryption = cipher.replaceAll("-", "_").replace(/^3DES_CBC$/, "3DES_EDE_CBC");
  // The CCM suites of TLS 1.2 do not name their hash.
  const suffix =
    encryption.includes("CCM") && version === "TLSv1.2" ? "" : `_${aead ? hash : mac}`.replace("SHA1", "SHA");
  return version === "TLSv1.3"
    ? `TLS_${encryption}${suffix}`
    : `TLS_${keyExchange.replaceAll("-", "_")}_WITH_${encryption}${suffix}`;
}
