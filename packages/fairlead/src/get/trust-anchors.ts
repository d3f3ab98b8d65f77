import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { TlsTrust } from "@fairlead/tls";
import { FileError } from "../file-error.ts";

const pemCertificate = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;

/**
 * Reads the certificates of a PEM file as the only ones to trust.
 *
 * @throws FileError when it cannot be read, holds no certificate, or one that cannot be parsed.
 */
export async function readTrustAnchors(file: string): Promise<Extract<TlsTrust, { readonly type: "anchors" }>> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new FileError(`read ${file}`, cause);
  });
  const certificates = text.match(pemCertificate) ?? [];
  if (certificates.length === 0) throw new FileError(`read ${file}`, "it holds no certificate in PEM format");
  for (const [index, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate);
    } catch {
      throw new FileError(`read ${file}`, `its certificate ${index + 1} is damaged`);
    }
  }
  return { type: "anchors", certificates };
}
