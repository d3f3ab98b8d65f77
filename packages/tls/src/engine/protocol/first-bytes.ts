/**
 * Tells whether a stream that begins with these bytes may be TLS: its first record is a handshake message or an alert,
 * and major version 3. True for too few bytes to tell.
 *
 * @see RFC 8446 section 5.1
 */
export function mayBeTls(first: Uint8Array): boolean {
  const [type, major] = first;
  return (type === undefined || type === 22 || type === 21) && (major === undefined || major === 3);
}
