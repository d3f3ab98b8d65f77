import { X509Certificate } from "node:crypto";
import { UsageError } from "@fairlead/core";

/**
 * Decodes every block of this label to its DER bytes, in order. Text between blocks is skipped.
 *
 * @see RFC 7468
 */
export function decodePem(text: string, label: "CERTIFICATE"): readonly Uint8Array[] {
  const block = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`, "g");
  return Array.from(text.matchAll(block), ([, body = ""]) => Buffer.from(body, "base64"));
}

/**
 * Refuses an anchor that cannot be read: a list with a hole in it is not what the caller asked for.
 *
 * @throws UsageError OPTION_INVALID
 */
export function requireCertificate(pem: string, index: number): void {
  try {
    new X509Certificate(pem);
  } catch (cause) {
    throw new UsageError("OPTION_INVALID", {
      detail: `trust.certificates[${String(index)}] is no PEM certificate`,
      cause,
    });
  }
}
