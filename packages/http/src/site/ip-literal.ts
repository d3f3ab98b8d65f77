/**
 * Tells whether a host is an IP address rather than a name.
 *
 * The host is what `URL.hostname` gives, so IPv6 stands in brackets, and an IPv4 address in any spelling has already
 * become four decimal numbers.
 *
 * @see URL Standard section 3.5, "host parser"
 */
export function isIpLiteral(host: string): boolean {
  return host.startsWith("[") || ipv4.test(host);
}

const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
