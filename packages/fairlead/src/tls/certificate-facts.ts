import { X509Certificate } from "node:crypto";

/** What a certificate says about itself. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** `DNS:a.example`, `IP Address:127.0.0.1` … */
  readonly names: readonly string[];
  /** `ec prime256v1`, `rsa 2048`. */
  readonly key: string;
  readonly isAuthority: boolean;
  /** SHA-256, in hex with colons. */
  readonly fingerprint256: string;
}

/** Reads a certificate; `undefined` when it cannot be read. */
export function certificateFacts(der: Uint8Array): CertificateFacts | undefined {
  try {
    const certificate = new X509Certificate(der);
    const { asymmetricKeyType = "unknown", asymmetricKeyDetails: details } = certificate.publicKey;
    const size = details?.namedCurve ?? details?.modulusLength?.toString() ?? "";
    return {
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      serialNumber: certificate.serialNumber,
      notBefore: certificate.validFromDate.toISOString(),
      notAfter: certificate.validToDate.toISOString(),
      names: certificate.subjectAltName?.split(", ") ?? [],
      key: `${asymmetricKeyType} ${size}`.trim(),
      isAuthority: certificate.ca,
      fingerprint256: certificate.fingerprint256,
    };
  } catch {
    return undefined;
  }
}

/** Node puts one attribute on each line; a certificate without a subject has none. */
function oneLine(name: string | undefined): string {
  return name?.split("\n").join(", ") ?? "";
}
