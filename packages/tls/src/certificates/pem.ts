/**
 * Decodes every block of this label to its DER bytes, in order. Text between blocks is skipped.
 *
 * @see RFC 7468
 */
export function decodePem(text: string, label: "CERTIFICATE"): readonly Uint8Array[] {
  const block = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`, "g");
  return Array.from(text.matchAll(block), ([, body = ""]) => Buffer.from(body, "base64"));
}
