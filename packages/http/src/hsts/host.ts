const IPV4_LITERAL = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/**
 * Reduces a URL's host name to the form under which HSTS hosts are kept: A-labels in lower case without a trailing dot.
 *
 * Returns `undefined` for what is never a known HSTS host: an IP literal (with or without brackets) or nothing.
 *
 * @see RFC 6797 sections 8.1.1, 8.2 and 8.3
 */
export function hstsHost(hostname: string): string | undefined {
  const host = hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
  if (host === "" || host.includes(":") || IPV4_LITERAL.test(host)) return undefined;
  return host.toLowerCase();
}
