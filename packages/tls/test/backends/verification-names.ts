/** Names of what OpenSSL found, as its engine and `node:tls` have them. OpenSSL, include/openssl/x509_vfy.h.in */
export function openSslName(result: number): string | undefined {
  return result === 0 ? undefined : (openSslNames.get(result) ?? "UNSPECIFIED");
}

/** Names of what GnuTLS found, as its engine has them. GnuTLS, gnutls_certificate_status_t */
export function gnuTlsName(status: number, endsInSelfSigned: boolean): string | undefined {
  if (status === 0) return undefined;
  const [, name] = gnuTlsNames.find(([bit]) => (status & bit) !== 0) ?? [];
  if (name === "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" && endsInSelfSigned) return "SELF_SIGNED_CERT_IN_CHAIN";
  return name ?? "UNSPECIFIED";
}

const openSslNames: ReadonlyMap<number, string> = new Map([
  [2, "UNABLE_TO_GET_ISSUER_CERT"],
  [7, "CERT_SIGNATURE_FAILURE"],
  [9, "CERT_NOT_YET_VALID"],
  [10, "CERT_HAS_EXPIRED"],
  [18, "DEPTH_ZERO_SELF_SIGNED_CERT"],
  [19, "SELF_SIGNED_CERT_IN_CHAIN"],
  [20, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
  [21, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  [25, "PATH_LENGTH_EXCEEDED"],
  [26, "INVALID_PURPOSE"],
  [62, "HOSTNAME_MISMATCH"],
  [64, "IP_ADDRESS_MISMATCH"],
  [79, "INVALID_CA"],
]);

/** The bit that weighs most first. */
const gnuTlsNames: readonly (readonly [bit: number, name: string])[] = [
  [1 << 5, "CERT_REVOKED"],
  [1 << 6, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
  [1 << 11, "CERT_SIGNATURE_FAILURE"],
  [1 << 7, "INVALID_CA"],
  [1 << 16, "INVALID_CA"],
  [1 << 8, "CERT_REJECTED"],
  [1 << 10, "CERT_HAS_EXPIRED"],
  [1 << 9, "CERT_NOT_YET_VALID"],
  [1 << 18, "INVALID_PURPOSE"],
  [1 << 14, "HOSTNAME_MISMATCH"],
];
