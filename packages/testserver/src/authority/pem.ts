import { Buffer } from "node:buffer";

/** Writes DER as text. RFC 7468. */
export function toPem(label: "CERTIFICATE" | "X509 CRL" | "DH PARAMETERS", der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/** Reads the certificates of a text, in their order. */
export function fromPem(text: string): readonly Uint8Array[] {
  const blocks = text.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g);
  return [...blocks].map(([, base64 = ""]) => Buffer.from(base64, "base64"));
}
