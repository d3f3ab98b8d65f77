import type { RemoteInfo, Socket, SocketOptions } from "node:dgram";
import { once } from "node:events";
import { isIP, type LookupFunction } from "node:net";
import { TransportError, UsageError } from "@fairlead/core";
import { formatPeer } from "../peer-name.ts";
import { resolve } from "../resolve.ts";
import { transportErrorFrom } from "../transport-error.ts";
import { canonicalHost } from "./canonical-host.ts";
import type { DatagramAddress, DatagramEndpoint, DatagramPath } from "./contract.ts";
import { CarriedEndpoint } from "./endpoint.ts";
import { defaultMtu, largestMtu, requireMtu } from "./mtu.ts";
import { groupHost, joinMulticast, requireHops, type UdpMulticast } from "./udp-multicast.ts";

/** How a UDP socket sends and receives, whomever it speaks with. */
export interface UdpSocketOptions {
  /** Bytes of the largest datagram; 1,232 by default, which fits through any IPv6 link. */
  readonly mtu?: number | undefined;
  /** How many links a datagram to one host may cross (TTL, hop limit), 1 to 255; the system's default is 64 mostly. */
  readonly hops?: number | undefined;
  /**
   * Bytes that wait in the system until the process reads them; what comes when they are full is lost. The system may give
   * less (`net.core.rmem_max`) or more.
   */
  readonly receiveBufferBytes?: number | undefined;
  /** Bytes that wait in the system to be sent. */
  readonly sendBufferBytes?: number | undefined;
}

/** Where to send datagrams. */
export interface ConnectUdpOptions extends UdpSocketOptions {
  /** Host name or IP literal, IPv6 without brackets, link-local with its zone. Of several addresses the first is taken. */
  readonly host: string;
  readonly port: number;
  readonly signal?: AbortSignal | undefined;
  /** Resolves `host`; `dns.lookup` by default. */
  readonly lookup?: LookupFunction | undefined;
  /**
   * Has the path's `mtu` be what the path takes, or the option `mtu` where that is less: `mtuDiscovery()` of
   * `@fairlead/descriptor`. Datagrams that a router has no room for are lost then, and not cut; what it says of them is
   * `unreachable` with DATAGRAM_TOO_LARGE, and lowers the `mtu`.
   */
  readonly discovery?: UdpMtuDiscovery | undefined;
}

/** Finds out what a path takes. RFC 1191, RFC 8201. */
export interface UdpMtuDiscovery {
  /** Makes a UDP socket that sends no datagram which would have to be cut. */
  open(family: 4 | 6): number;
  /** Bytes of the largest datagram that the path of a connected socket takes, as far as it is known. */
  read(descriptor: number, family: 4 | 6): number | undefined;
}

/**
 * Opens a UDP socket to one peer; datagrams from other addresses do not reach it. The caller owns the path.
 *
 * @throws TransportError when the name has no address or the system has no route; RangeError for an impossible port; or
 * the signal's reason, and then no socket is left.
 *
 * @example
 * const path = await connectUdp({ host: "localhost", port: 5683 });
 * path.on("message", (bytes) => console.log(bytes.length));
 * path.send(Buffer.from([0x40, 0, 0, 1]));
 */
export async function connectUdp(options: ConnectUdpOptions): Promise<DatagramPath> {
  const { host, port, signal } = options;
  const { discovery } = options;
  const mtu = requireMtu(options.mtu ?? (discovery === undefined ? defaultMtu : largestMtu));
  const peer = formatPeer(host, port);
  signal?.throwIfAborted();
  if (options.hops !== undefined) requireHops(options.hops, "hops");
  const to = { host: canonicalHost(await firstAddress(options, peer)), port };
  const socket = openSocket(to.host);
  const family = isIP(to.host) === 6 ? 6 : 4;
  let descriptor: number | undefined;
  try {
    if (discovery !== undefined) {
      descriptor = discovery.open(family);
      const bound = once(socket, "listening");
      socket.bind({ fd: descriptor });
      await bound;
    }
    const connected = once(socket, "connect", signal && { signal });
    socket.connect(port, to.host);
    await connected;
    configure(socket, options);
  } catch (cause) {
    socket.close();
    if (signal?.aborted) throw signal.reason;
    throw transportErrorFrom(cause, { peer, operation: "connect" });
  }
  const { address, port: localPort } = socket.address();
  const findMtu = (): number =>
    descriptor === undefined ? mtu : Math.min(mtu, discovery?.read(descriptor, family) ?? mtu);
  const endpoint = udpEndpoint(socket, { host: address, port: localPort }, findMtu, to);
  const path = endpoint.path(to);
  path.once("close", () => void endpoint.close());
  return path;
}

/** Which local address to use. */
export interface OpenUdpOptions extends UdpSocketOptions {
  /**
   * IP literal; `::` for all addresses. The loopback interface by default: be seen only when you mean to. To be left out
   * where a group is heard, which then is the endpoint's address.
   */
  readonly host?: string | undefined;
  /** 0 by default: the system chooses. Several endpoints may hear one group on one port. */
  readonly port?: number | undefined;
  /** Hears a group, or sends to groups. */
  readonly multicast?: UdpMulticast | undefined;
  /** Allows datagrams to broadcast addresses (IPv4), which everybody on the link gets; false by default. */
  readonly broadcast?: boolean | undefined;
}

/**
 * Opens a UDP socket that exchanges datagrams with many peers, whoever begins.
 *
 * An endpoint with a group hears that group alone, so whoever listens knows how each datagram came; what it sends leaves
 * from an address of this machine. Closing it leaves the group. Nothing slows a sender down: a process that reads too
 * slowly loses what does not fit into `receiveBufferBytes`.
 *
 * @throws TransportError ADDRESS_IN_USE, PERMISSION_DENIED; UsageError OPTION_INVALID when `host` is no IP literal, the
 * group is none, or there is no such interface.
 *
 * @example
 * await using endpoint = await openUdp({ port: 5683 });
 * endpoint.on("message", (bytes, from) => endpoint.send(bytes, from));
 *
 * await using everybody = await openUdp({ port: 5683, multicast: { group: "224.0.1.187", interfaces: ["eth0"] } });
 */
export async function openUdp(options: OpenUdpOptions = {}): Promise<DatagramEndpoint> {
  const { multicast, port = 0 } = options;
  const mtu = requireMtu(options.mtu ?? defaultMtu);
  if (options.hops !== undefined) requireHops(options.hops, "hops");
  if (multicast?.hops !== undefined) requireHops(multicast.hops, "multicast.hops");
  const host = hostOf(options);
  const socket = openSocket(host, multicast?.group !== undefined);
  try {
    const listening = once(socket, "listening");
    socket.bind({ address: host, port });
    await listening;
    configure(socket, options);
    if (options.broadcast !== undefined) socket.setBroadcast(options.broadcast);
    if (multicast !== undefined) joinMulticast(socket, multicast, isIP(host) === 6 ? 6 : 4);
  } catch (cause) {
    socket.close();
    if (cause instanceof UsageError) throw cause;
    throw transportErrorFrom(cause, { peer: formatPeer(host, port), operation: "bind" });
  }
  // The system leaves out the zone.
  const address = host.includes("%") ? host : socket.address().address;
  return udpEndpoint(socket, { host: address, port: socket.address().port }, () => mtu, undefined);
}

function hostOf({ host, multicast }: OpenUdpOptions): string {
  if (multicast?.group === undefined) {
    if (host === undefined) return "127.0.0.1";
    if (isIP(host) !== 0) return host;
    throw new UsageError("OPTION_INVALID", { detail: "host", remedy: "give an IP literal" });
  }
  if (host === undefined) return groupHost(multicast);
  throw new UsageError("OPTION_INVALID", { detail: "host", remedy: "give a host or a multicast group, not both" });
}

/** Only a socket that has an address can be told. */
function configure(socket: Socket, { hops, receiveBufferBytes, sendBufferBytes }: UdpSocketOptions): void {
  if (hops !== undefined) socket.setTTL(hops);
  if (receiveBufferBytes !== undefined) socket.setRecvBufferSize(receiveBufferBytes);
  if (sendBufferBytes !== undefined) socket.setSendBufferSize(sendBufferBytes);
}

/** Names were resolved before: what the socket is given are addresses, and it need not wait for a turn to look at them. */
function openSocket(host: string, isShared = false): Socket {
  const family = isIP(host) === 6 ? 6 : 4;
  const lookup: NonNullable<SocketOptions["lookup"]> = (address, _options, done) => done(null, address, family);
  // Loaded with the first socket: most processes open none.
  const { createSocket } = process.getBuiltinModule("node:dgram");
  // An IPv6 socket takes IPv4 as well, whose addresses then look like ::ffff:192.0.2.1.
  return createSocket({ type: family === 6 ? "udp6" : "udp4", lookup, reuseAddr: isShared });
}

async function firstAddress({ host, lookup, signal }: ConnectUdpOptions, peer: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  try {
    const [first] = await resolve(host, lookup, signal);
    if (first !== undefined) return first.address;
    throw Object.assign(new Error(`${host} has no address`), { code: "ENODATA" });
  } catch (cause) {
    signal?.throwIfAborted();
    throw transportErrorFrom(cause, { peer, operation: "resolve" });
  }
}

/**
 * @param findMtu asked now, and when a datagram was too large for somebody on the way.
 * @param peer of a connected socket, whose datagrams are all from there.
 */
function udpEndpoint(
  socket: Socket,
  address: DatagramAddress,
  findMtu: () => number,
  peer: DatagramAddress | undefined,
): DatagramEndpoint {
  let hasHeard = false;
  let mtu = findMtu();
  const report = (cause: Error | null): void => {
    if (cause === null) return;
    if ("code" in cause && cause.code === "EMSGSIZE") mtu = findMtu();
    const to = peer ?? addressOf(cause);
    endpoint.reportUnreachable(named(cause, to && formatPeer(to.host, to.port)), to);
  };
  const endpoint = new CarriedEndpoint({
    address,
    get mtu() {
      return mtu;
    },
    send(bytes, to) {
      // Being told of a failure costs as much as half a datagram. What follows one that came arrives as well, or is sent
      // again by whoever hears nothing, and then is told of.
      const told = hasHeard ? undefined : report;
      hasHeard = false;
      if (peer !== undefined) socket.send(bytes, told);
      else socket.send(bytes, to.port, to.host, told);
    },
    close: async () => {
      const closed = once(socket, "close");
      socket.close();
      await closed;
    },
  });
  socket.on("message", (bytes: Buffer, { address: host, port }: RemoteInfo) => {
    hasHeard = true;
    endpoint.deliver(bytes, peer ?? { host, port });
  });
  // What ICMP said about an earlier datagram.
  socket.on("error", report);
  return endpoint;
}

/** Where a datagram was to go that could not be sent. */
function addressOf(cause: object): DatagramAddress | undefined {
  if (!("address" in cause && "port" in cause)) return undefined;
  const { address: host, port } = cause;
  return typeof host === "string" && typeof port === "number" ? { host, port } : undefined;
}

function named(cause: Error, peer: string | undefined): TransportError {
  if ("code" in cause && cause.code === "EMSGSIZE") {
    return new TransportError("DATAGRAM_TOO_LARGE", { peer, operation: "send", cause });
  }
  const error = transportErrorFrom(cause, { peer, operation: "send" });
  return error instanceof TransportError ? error : new TransportError("TRANSPORT_FAILED", { peer, cause });
}
