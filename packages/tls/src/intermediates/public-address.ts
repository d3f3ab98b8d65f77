import { BlockList, isIPv6 } from "node:net";

/**
 * Tells whether an address is one of the public internet: of IPv4 all that no registry has set aside, of IPv6 global
 * unicast without transition and documentation ranges.
 *
 * @see IANA, IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890)
 */
export function isPublicAddress(address: string): boolean {
  reserved ??= listOf(RESERVED);
  if (!isIPv6(address)) return !reserved.check(address, "ipv4");
  globalUnicast ??= listOf(GLOBAL_UNICAST);
  return globalUnicast.check(address, "ipv6") && !reserved.check(address, "ipv6");
}

type Subnet = readonly [network: string, prefix: number];

const GLOBAL_UNICAST: readonly Subnet[] = [["2000::", 3]];

const RESERVED: readonly Subnet[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

// Made with the first question: most processes never ask.
let globalUnicast: BlockList | undefined;
let reserved: BlockList | undefined;

function listOf(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, isIPv6(network) ? "ipv6" : "ipv4");
  return list;
}
