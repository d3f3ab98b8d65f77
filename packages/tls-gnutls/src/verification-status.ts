import { X509Certificate } from "node:crypto";

/**
 * Names the first thing that GnuTLS found wrong with a chain, as OpenSSL does; `undefined` when it is good. Of several
 * the one that weighs most: a chain to nowhere before its dates, and the host last.
 *
 * @see GnuTLS, gnutls_certificate_status_t
 */
export function verificationCode(status: number, chain: readonly Uint8Array[]): string | undefined {
  if (status === 0) return undefined;
  if (has(status, bits.revoked)) return "CERT_REVOKED";
  if ((status & ~bits.invalid & ~aboutStaples) === 0 && has(status, aboutStaples)) return undefined;
  if (has(status, bits.signerNotFound)) return missingIssuer(chain);
  for (const [bit, code] of codes) if (has(status, bit)) return code;
  return "UNSPECIFIED";
}

const bits = {
  invalid: 1 << 1,
  revoked: 1 << 5,
  signerNotFound: 1 << 6,
  signerNotCa: 1 << 7,
  insecureAlgorithm: 1 << 8,
  notActivated: 1 << 9,
  expired: 1 << 10,
  signatureFailure: 1 << 11,
  unexpectedOwner: 1 << 14,
  signerConstraints: 1 << 16,
  purposeMismatch: 1 << 18,
} as const;

/**
 * A stapled response that is missing, outdated, from the future or of somebody else says nothing: whoever judges the
 * chain sees it as well, and answers for all backends alike. One that says "revoked" is believed, above.
 */
const aboutStaples = (1 << 12) | (1 << 15) | (1 << 19) | (1 << 20);

const codes: readonly (readonly [bit: number, code: string])[] = [
  [bits.signatureFailure, "CERT_SIGNATURE_FAILURE"],
  [bits.signerNotCa, "INVALID_CA"],
  [bits.signerConstraints, "INVALID_CA"],
  [bits.insecureAlgorithm, "CERT_REJECTED"],
  [bits.expired, "CERT_HAS_EXPIRED"],
  [bits.notActivated, "CERT_NOT_YET_VALID"],
  [bits.purposeMismatch, "INVALID_PURPOSE"],
  [bits.unexpectedOwner, "HOSTNAME_MISMATCH"],
];

function has(status: number, bit: number): boolean {
  return (status & bit) !== 0;
}

/** Whether the chain stops short, ends in a root that nobody trusts, or is one certificate that signed itself. */
function missingIssuer(chain: readonly Uint8Array[]): string {
  const last = chain.at(-1);
  if (last === undefined || !isSelfSigned(last)) return "UNABLE_TO_GET_ISSUER_CERT_LOCALLY";
  return chain.length === 1 ? "DEPTH_ZERO_SELF_SIGNED_CERT" : "SELF_SIGNED_CERT_IN_CHAIN";
}

function isSelfSigned(der: Uint8Array): boolean {
  try {
    const certificate = new X509Certificate(der);
    // Not checkIssued: it wants a CA's key usage, which a server's own certificate does not have.
    return certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}
