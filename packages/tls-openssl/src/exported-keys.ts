import type { OpenSsl } from "./library.ts";

/** Derives key material of a connection into `out`; false when OpenSSL fails. RFC 5705; RFC 8446 section 7.5 */
export function exportKeys(
  openssl: OpenSsl,
  ssl: number,
  out: Buffer,
  label: string,
  context: Uint8Array | undefined,
): boolean {
  const name = Buffer.from(label);
  const size = context?.length ?? 0;
  const use = context === undefined ? 0 : 1;
  const { SSL_export_keying_material: exported } = openssl;
  return exported(ssl, out, out.length, name, name.length, context ?? null, size, use) === 1;
}
