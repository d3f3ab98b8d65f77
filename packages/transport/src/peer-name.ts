/**
 * Formats host and port as errors and transactions name a peer: `host:port`, IPv6 literals in brackets.
 *
 * @see RFC 3986 section 3.2.2
 */
export function formatPeer(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${String(port)}`;
}
