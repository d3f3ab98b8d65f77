/** What the first bytes of a connection look like. */
export type Opening = "tls" | "http" | "other";

/**
 * Tells what a client speaks by the bytes that came first, at least one: a TLS record with a handshake, or an HTTP request
 * line, as far as it goes.
 *
 * @see RFC 8446 section 5.1; RFC 9112 section 3
 */
export function openingOf(first: Uint8Array): Opening {
  if (first[0] === handshakeRecord) return "tls";
  const text = String.fromCharCode(...first.subarray(0, longestMethod + 1));
  return /^[A-Z]{1,7}$|^[A-Z]{3,7} /.test(text) ? "http" : "other";
}

const handshakeRecord = 22;
/** `OPTIONS`, `CONNECT` */
const longestMethod = 7;
