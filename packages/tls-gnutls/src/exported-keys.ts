import type { GnuTls } from "./library.ts";

/** Writes keys for other protocols to `out`; returns GnuTLS's code. RFC 5705 */
export function exportKeys(
  gnutls: GnuTls,
  session: number,
  out: Buffer,
  label: string,
  context: Uint8Array | undefined,
): number {
  const name = Buffer.from(label);
  const size = context?.length ?? 0;
  // A context of no bytes is still one: its address may not be null.
  const bytes = context === undefined ? null : size === 0 ? Buffer.alloc(1) : context;
  return gnutls.gnutls_prf_rfc5705(session, name.length, name, size, bytes, out.length, out);
}
