/**
 * Key exchange groups by their registered names, the hybrids with ML-KEM first.
 *
 * @see IANA registry "TLS Supported Groups"; RFC 8446 section 4.2.7
 */
export const tlsGroups = [
  "X25519MLKEM768",
  "SecP256r1MLKEM768",
  "SecP384r1MLKEM1024",
  "x25519",
  "x448",
  "secp256r1",
  "secp384r1",
  "secp521r1",
  "ffdhe2048",
  "ffdhe3072",
] as const;

/** Name of a key exchange group. */
export type TlsGroup = (typeof tlsGroups)[number];

/**
 * What records are encrypted with, the same in TLS 1.2 and 1.3: AEAD algorithms, without the `AEAD_` of their registered
 * names.
 *
 * @see RFC 5116 section 6; RFC 6655; RFC 7905
 */
export const tlsCiphers = ["AES_256_GCM", "AES_128_GCM", "CHACHA20_POLY1305", "AES_128_CCM", "AES_128_CCM_8"] as const;

/** Name of an AEAD algorithm. */
export type TlsCipher = (typeof tlsCiphers)[number];

/** The registered name of a group that a library calls `prime256v1`, `SECP256R1` or `X25519-MLKEM768`. */
export function registeredGroup(libraryName: string): TlsGroup | undefined {
  const plain = libraryName.toLowerCase().replaceAll("-", "");
  const name = otherNames.get(plain) ?? plain;
  return tlsGroups.find((group) => group.toLowerCase() === name);
}

/** Of X9.62 and of NIST. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ["prime256v1", "secp256r1"],
  ["p256", "secp256r1"],
  ["p384", "secp384r1"],
  ["p521", "secp521r1"],
]);
