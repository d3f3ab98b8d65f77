import { concat } from "./bytes.ts";

/**
 * Hashes a channel binding as NTLM sends it: MD5 of a GSS-API channel binding structure without addresses.
 *
 * @param endPoint the `tls-server-end-point` bytes, RFC 5929 section 4; `undefined` says that there is nothing to bind to.
 * @see MS-NLMP section 3.1.5.1.2; RFC 4121 section 4.1.1.2
 */
export function channelBindingHash(
  endPoint: Uint8Array | undefined,
  md5: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  if (endPoint === undefined) return new Uint8Array(16);
  const data = concat(new TextEncoder().encode("tls-server-end-point:"), endPoint);
  const head = new Uint8Array(20);
  new DataView(head.buffer).setUint32(16, data.length, true);
  return md5(concat(head, data));
}
