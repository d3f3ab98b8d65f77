/** Who asked this proxy for what. */
export interface ForwardedHop {
  /** The address of the client; `undefined` where it has none, as on a Unix socket. */
  readonly address: string | undefined;
  /** What the client says in Host. */
  readonly host: string;
  readonly scheme: "http" | "https";
}

/**
 * Formats what a proxy says of one client in Forwarded.
 *
 * @see RFC 7239 sections 4 to 6
 */
export function formatForwardedElement({ address, host, scheme }: ForwardedHop): string {
  const node = address === undefined ? "unknown" : address.includes(":") ? `[${address}]` : address;
  const named = host === "" ? "" : `;host=${tokenOrQuoted(host)}`;
  return `for=${tokenOrQuoted(node)}${named};proto=${scheme}`;
}

/** RFC 9110 sections 5.6.2 and 5.6.4. */
function tokenOrQuoted(text: string): string {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
}
