/**
 * Shows an IPv6 address in its canonical form: what the URL parser gives, and an IPv4 address within in dots.
 *
 * @param host as the URL parser gives it, in brackets.
 * @see RFC 5952 section 5
 */
export function showIpv6(host: string): string {
  const mapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(host);
  if (mapped === null) return host;
  const [, high = "0", low = "0"] = mapped;
  return `[::ffff:${twoBytes(high)}.${twoBytes(low)}]`;
}

function twoBytes(hexadecimal: string): string {
  const value = Number.parseInt(hexadecimal, 16);
  return `${String(value >> 8)}.${String(value & 255)}`;
}
