import type { RemoteInfo, Socket, SocketOptions } from "node:dgram";
import { lookup as lookupName } from "node:dns";
import { once } from "node:events";
import { isIP, type LookupFunction } from "node:net";
import { TransportError, UsageError } from "@fairlead/core";
import { formatPeer } from "../peer-name.ts";
import { transportErrorFrom } from "../transport-error.ts";
import type { DatagramAddress, DatagramEndpoint, DatagramPath } from "./contract.ts";
import { CarriedEndpoint } from "./endpoint.ts";
import { defaultMtu, requireMtu } from "./mtu.ts";

/** Where to send datagrams. */
export interface ConnectUdpOptions {
  /** Host name or IP literal, IPv6 without brackets. Of several addresses the first is taken. */
  readonly host: string;
  readonly port: number;
  /** Bytes of the largest datagram; 1,232 by default, which fits through any IPv6 link. */
  readonly mtu?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Resolves `host`; `dns.lookup` by default. */
  readonly lookup?: LookupFunction | undefined;
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
  const mtu = requireMtu(options.mtu ?? defaultMtu);
  const peer = formatPeer(host, port);
  signal?.throwIfAborted();
  const to = { host: await resolve(host, options.lookup ?? lookupName, peer), port };
  signal?.throwIfAborted();
  const socket = openSocket(to.host);
  try {
    const connected = once(socket, "connect", signal && { signal });
    socket.connect(port, to.host);
    await connected;
  } catch (cause) {
    socket.close();
    if (signal?.aborted) throw signal.reason;
    throw transportErrorFrom(cause, { peer, operation: "connect" });
  }
  const { address, port: localPort } = socket.address();
  const endpoint = udpEndpoint(socket, { host: address, port: localPort }, mtu, true);
  const path = endpoint.path(to);
  path.once("close", () => void endpoint.close());
  return path;
}

/** Which local address to use. */
export interface OpenUdpOptions {
  /** IP literal; `::` for all addresses. The loopback interface by default: be seen only when you mean to. */
  readonly host?: string | undefined;
  /** 0 by default: the system chooses. */
  readonly port?: number | undefined;
  /** Bytes of the largest datagram; 1,232 by default. */
  readonly mtu?: number | undefined;
}

/**
 * Opens a UDP socket that exchanges datagrams with many peers, whoever begins.
 *
 * @throws TransportError ADDRESS_IN_USE, PERMISSION_DENIED; UsageError OPTION_INVALID when `host` is no IP literal.
 *
 * @example
 * await using endpoint = await openUdp({ port: 5683 });
 * endpoint.on("message", (bytes, from) => endpoint.send(bytes, from));
 */
export async function openUdp(options: OpenUdpOptions = {}): Promise<DatagramEndpoint> {
  const { host = "127.0.0.1", port = 0 } = options;
  const mtu = requireMtu(options.mtu ?? defaultMtu);
  if (isIP(host) === 0) throw new UsageError("OPTION_INVALID", { detail: "host", remedy: "give an IP literal" });
  const socket = openSocket(host);
  try {
    const listening = once(socket, "listening");
    socket.bind({ address: host, port });
    await listening;
  } catch (cause) {
    socket.close();
    throw transportErrorFrom(cause, { peer: formatPeer(host, port), operation: "bind" });
  }
  const { address, port: localPort } = socket.address();
  return udpEndpoint(socket, { host: address, port: localPort }, mtu, false);
}

/** Names were resolved before: what the socket is given are addresses, and it need not wait for a turn to look at them. */
function openSocket(host: string): Socket {
  const family = isIP(host) === 6 ? 6 : 4;
  const lookup: NonNullable<SocketOptions["lookup"]> = (address, _options, done) => done(null, address, family);
  // Loaded with the first socket: most processes open none.
  const { createSocket } = process.getBuiltinModule("node:dgram");
  // An IPv6 socket takes IPv4 as well, whose addresses then look like ::ffff:192.0.2.1.
  return createSocket({ type: family === 6 ? "udp6" : "udp4", lookup });
}

async function resolve(host: string, lookup: LookupFunction, peer: string): Promise<string> {
  if (isIP(host) !== 0) return host;
  const { promise, resolve: found, reject } = Promise.withResolvers<string>();
  lookup(host, { all: false }, (error, address) => {
    if (error) reject(transportErrorFrom(error, { peer, operation: "resolve" }));
    else if (typeof address === "string") found(address);
    else found(address[0]?.address ?? "");
  });
  return promise;
}

function udpEndpoint(socket: Socket, address: DatagramAddress, mtu: number, connected: boolean): DatagramEndpoint {
  let peer: DatagramAddress | undefined;
  if (connected) {
    const remote = socket.remoteAddress();
    peer = { host: remote.address, port: remote.port };
  }
  const report = (cause: Error, to: DatagramAddress | undefined = peer): void => {
    const name = to && formatPeer(to.host, to.port);
    endpoint.reportUnreachable(named(cause, name), to);
  };
  const endpoint = new CarriedEndpoint({
    address,
    mtu,
    send(bytes, to) {
      const done = (error: Error | null): void => {
        if (error) report(error, to);
      };
      if (connected) socket.send(bytes, done);
      else socket.send(bytes, to.port, to.host, done);
    },
    close: async () => {
      const closed = once(socket, "close");
      socket.close();
      await closed;
    },
  });
  socket.on("message", (bytes: Buffer, { address: host, port }: RemoteInfo) => {
    endpoint.deliver(bytes, peer ?? { host, port });
  });
  // What ICMP said about an earlier datagram.
  socket.on("error", (cause) => report(cause));
  return endpoint;
}

function named(cause: Error, peer: string | undefined): TransportError {
  const error = transportErrorFrom(cause, { peer, operation: "send" });
  return error instanceof TransportError ? error : new TransportError("TRANSPORT_FAILED", { peer, cause });
}
