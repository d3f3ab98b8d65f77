import type { Socket } from "node:dgram";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { UsageError } from "@fairlead/core";

/** How an endpoint takes part in multicast. */
export interface UdpMulticast {
  /**
   * The group that is heard, an IP literal; a link-local one of IPv6 with its zone (`ff02::fd%eth0`), or one interface.
   * Without it the endpoint only sends to groups.
   */
  readonly group?: string | undefined;
  /** IP literals of the only senders that are heard; everybody by default. RFC 4607. */
  readonly sources?: readonly string[] | undefined;
  /**
   * On which the group is heard, by name (`eth0`) or address; what is sent to a group leaves by the first. The system
   * chooses by default.
   */
  readonly interfaces?: readonly string[] | undefined;
  /** How many links what is sent to a group may cross, 0 to 255: 1 by default, which stays on the first. */
  readonly hops?: number | undefined;
  /** Whether this machine hears what it sends to a group itself; true by default. */
  readonly loopback?: boolean | undefined;
}

/**
 * The address that a socket is bound to so that it hears the group and nothing else. Windows binds none to a group: there
 * everything that comes to the port is heard.
 *
 * @throws UsageError OPTION_INVALID when it is no group.
 */
export function groupHost({ group = "", interfaces = [] }: UdpMulticast): string {
  const family = isIP(group);
  if (!isGroup(group)) throw invalid("multicast.group", "give the IP literal of a multicast group");
  if (process.platform === "win32") return family === 6 ? "::" : "0.0.0.0";
  if (!linkLocalGroup.test(group) || group.includes("%")) return group;
  const [only, ...others] = interfaces;
  if (only === undefined || others.length > 0) {
    throw invalid("multicast.group", "a link-local group is heard on one interface: give its zone, as ff02::fd%eth0");
  }
  return `${group}%${interfaceName(only)}`;
}

/**
 * Has a bound socket join the group, and sets how it sends to groups.
 *
 * @throws UsageError OPTION_INVALID when there is no such interface; what the system says.
 */
export function joinMulticast(socket: Socket, multicast: UdpMulticast, family: 4 | 6): void {
  const { group, sources = [], interfaces = [], hops, loopback } = multicast;
  if (hops !== undefined) socket.setMulticastTTL(hops);
  if (loopback !== undefined) socket.setMulticastLoopback(loopback);
  const [bare = "", zone] = group?.split("%") ?? [];
  const named = interfaces.length === 0 && zone !== undefined ? [zone] : interfaces;
  const addresses = named.map((name) => interfaceAddress(name, family));
  const [first] = addresses;
  if (first !== undefined) socket.setMulticastInterface(first);
  if (group === undefined) return;
  for (const address of addresses.length === 0 ? [undefined] : addresses) {
    if (sources.length === 0) socket.addMembership(bare, address);
    for (const source of sources) socket.addSourceSpecificMembership(source, bare, address);
  }
}

/** @throws UsageError OPTION_INVALID */
export function requireHops(hops: number, option: "hops" | "multicast.hops"): void {
  if (Number.isInteger(hops) && hops >= 0 && hops <= 255) return;
  throw invalid(option, "give a number from 0 to 255");
}

/** RFC 5771, 224.0.0.0/4; RFC 4291 section 2.7, ff00::/8. */
function isGroup(host: string): boolean {
  const family = isIP(host);
  if (family === 6) return /^ff/i.test(host);
  const first = Number(host.split(".")[0]);
  return family === 4 && first >= 224 && first <= 239;
}

/** Scopes 1 and 2 of RFC 7346, which mean nothing without a zone. */
const linkLocalGroup = /^ff[0-9a-f][12]:/i;

/** What the socket functions of Node name an interface by: an address of its own, or its zone. */
function interfaceAddress(nameOrAddress: string, family: 4 | 6): string {
  if (family === 6) return `::%${interfaceName(nameOrAddress)}`;
  if (isIP(nameOrAddress) === 4) return nameOrAddress;
  const found = networkInterfaces()[nameOrAddress]?.find((each) => each.family === "IPv4");
  if (found === undefined) throw noInterface(nameOrAddress);
  return found.address;
}

/** Windows takes the number of an interface where others take its name. */
function interfaceName(nameOrAddress: string): string {
  for (const [name, addresses = []] of Object.entries(networkInterfaces())) {
    const found = addresses.find(({ address }) => name === nameOrAddress || address === nameOrAddress.split("%")[0]);
    if (found === undefined) continue;
    const numbered = addresses.find((each) => each.family === "IPv6" && each.scopeid !== 0);
    return process.platform === "win32" && numbered?.family === "IPv6" ? String(numbered.scopeid) : name;
  }
  // An interface without an address is not listed, and may be there all the same: the system knows.
  if (isIP(nameOrAddress) === 0 && nameOrAddress !== "") return nameOrAddress;
  throw noInterface(nameOrAddress);
}

function noInterface(nameOrAddress: string): UsageError {
  return invalid("multicast.interfaces", `no interface with an address is ${nameOrAddress}`);
}

function invalid(detail: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { detail, remedy });
}
