/** Names what X509_verify_cert found, as `node:tls` does; `undefined` when the chain is good. */
export function verificationCode(result: number): string | undefined {
  return result === 0 ? undefined : (names.get(result) ?? "UNSPECIFIED");
}

// OpenSSL, include/openssl/x509_vfy.h.in, X509_V_ERR_*
const names: ReadonlyMap<number, string> = new Map([
  [2, "UNABLE_TO_GET_ISSUER_CERT"],
  [4, "UNABLE_TO_DECRYPT_CERT_SIGNATURE"],
  [6, "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY"],
  [7, "CERT_SIGNATURE_FAILURE"],
  [9, "CERT_NOT_YET_VALID"],
  [10, "CERT_HAS_EXPIRED"],
  [13, "ERROR_IN_CERT_NOT_BEFORE_FIELD"],
  [14, "ERROR_IN_CERT_NOT_AFTER_FIELD"],
  [17, "OUT_OF_MEM"],
  [18, "DEPTH_ZERO_SELF_SIGNED_CERT"],
  [19, "SELF_SIGNED_CERT_IN_CHAIN"],
  [20, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
  [21, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  [22, "CERT_CHAIN_TOO_LONG"],
  [23, "CERT_REVOKED"],
  [25, "PATH_LENGTH_EXCEEDED"],
  [26, "INVALID_PURPOSE"],
  [27, "CERT_UNTRUSTED"],
  [28, "CERT_REJECTED"],
  [62, "HOSTNAME_MISMATCH"],
  [64, "IP_ADDRESS_MISMATCH"],
  [79, "INVALID_CA"],
]);
