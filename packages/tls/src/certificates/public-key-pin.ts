import { createHash, X509Certificate } from "node:crypto";

/**
 * Hashes the public key of a certificate (PEM or DER): SHA-256 of its SubjectPublicKeyInfo in base64, 44 characters. It
 * stays the same when a certificate is renewed for the same key.
 *
 * @throws Error when it is no certificate.
 * @see RFC 7469 section 2.4
 */
export function publicKeyPin(certificate: string | Uint8Array): string {
  return pinOf(new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" }));
}

/** Hashes a SubjectPublicKeyInfo in DER. */
export function pinOf(publicKeyInfo: Uint8Array): string {
  return createHash("sha256").update(publicKeyInfo).digest("base64");
}
