/** Where somebody asks a proxy to go. */
export interface ProxyTarget {
  /** A name or an IP literal, without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `host:port` and `[address]:port`; `undefined` where it is neither.
 *
 * @see RFC 9112 section 3.2.3
 */
export function parseAuthority(text: string): ProxyTarget | undefined {
  const [, literal, name, digits] = /^(?:\[([\da-f:.]{2,45})\]|([\w.-]{1,255})):(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  const host = literal ?? name;
  return host === undefined || port === 0 || port > 65_535 ? undefined : { host, port };
}

/**
 * Whether a host is this machine by its address, or a name that belongs to the network: what proxies go to, and nothing
 * else.
 *
 * @see RFC 6761 sections 6.2 and 6.3
 */
export function isOfTheNetwork(host: string): boolean {
  return host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host) || /(?:^|\.)(?:test|localhost)\.?$/i.test(host);
}
