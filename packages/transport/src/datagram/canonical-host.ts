import { isIP, SocketAddress } from "node:net";

/** Writes an IP literal as the system names a sender: IPv6 has many forms of one address. A zone is kept. RFC 5952. */
export function canonicalHost(host: string): string {
  if (isIP(host) !== 6) return host;
  const [address = host, zone] = host.split("%");
  const canonical = new SocketAddress({ address, family: "ipv6" }).address;
  return zone === undefined ? canonical : `${canonical}%${zone}`;
}
