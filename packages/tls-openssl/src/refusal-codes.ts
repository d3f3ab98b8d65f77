/** What a verification is said to have failed for (X509_V_ERR_*), so that OpenSSL sends this alert. RFC 8446 section 6.2 */
export function refusalCode(alert: number): number {
  return codes.get(alert) ?? rejected;
}

// OpenSSL, include/openssl/x509_vfy.h.in
const codes: ReadonlyMap<number, number> = new Map([
  [44, 23],
  [45, 10],
  [48, 20],
]);
const rejected = 28;
