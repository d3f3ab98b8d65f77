import { once } from "node:events";
import { isIP, Socket, type ListenOptions, type Server, type SocketConstructorOpts } from "node:net";
import { TransportError, UsageError } from "@fairlead/core";
import { bindSocketCalls, lastError, type SocketCalls } from "@fairlead/descriptor";
import { connectTcp, formatPeer, transportErrorFrom, type ConnectTcpOptions } from "@fairlead/transport";
import { linux } from "./linux.ts";
import { multipathOf, type Multipath } from "./multipath-of.ts";

/** Where to connect, and how. */
export interface ConnectMultipathOptions extends ConnectTcpOptions {
  /** Fails where the connection would have one path only. False by default: then it is TCP. */
  readonly required?: boolean | undefined;
}

/** Where a server listens. */
export interface ListenMultipathOptions {
  /**
   * IP literal; `::` for all addresses, which is what further paths need: a subflow to an address on which nobody listens is
   * refused. The loopback interface by default: be seen only when you mean to.
   */
  readonly host?: string | undefined;
  /** 0 by default: the system chooses. */
  readonly port?: number | undefined;
  /** Connections that wait to be accepted; 511 by default. */
  readonly backlog?: number | undefined;
  /** Fails where this machine does not speak it. False by default: then the server is one of TCP. */
  readonly required?: boolean | undefined;
}

/** Whether this machine speaks multipath TCP. */
export type MultipathSupport =
  | { readonly type: "available" }
  /** Why not, as words that end a sentence, with what could be done. */
  | { readonly type: "unavailable"; readonly reason: string };

/** Multipath TCP of this machine. */
export interface MultipathTcp {
  /** Asks the system now: it can be turned on and off (`sysctl net.mptcp.enabled`). */
  readonly support: () => MultipathSupport;
  /**
   * Opens a connection that takes every path that both machines have; TCP where it has to be. The caller owns the socket.
   *
   * @throws as `connectTcp`; TransportError MULTIPATH_UNAVAILABLE where it is required.
   */
  readonly connect: (options: ConnectMultipathOptions) => Promise<Socket>;
  /**
   * Has a server listen: of `node:net`, `node:tls` or `node:http`. Peers without multipath TCP are served, too.
   *
   * @throws TransportError ADDRESS_IN_USE, PERMISSION_DENIED; MULTIPATH_UNAVAILABLE where it is required; UsageError
   * OPTION_INVALID when `host` is no IP literal.
   */
  readonly listen: (server: Server, options?: ListenMultipathOptions) => Promise<void>;
  /** What a connection is at this moment, and by which paths it goes. */
  readonly multipathOf: (socket: Socket) => Multipath;
}

/**
 * Binds what the system has of multipath TCP. It works everywhere, and elsewhere than on Linux everything is TCP.
 *
 * @see RFC 8684
 *
 * @example
 * const multipath = multipathTcp();
 * await using socket = await multipath.connect({ host: "a.example", port: 7, signal: AbortSignal.timeout(5_000) });
 * console.log(multipath.multipathOf(socket).type);
 */
export function multipathTcp(): MultipathTcp {
  const calls = process.platform === "linux" ? bindSocketCalls() : undefined;
  return {
    support: () => supportOf(calls),
    multipathOf: (socket) => (calls === undefined ? { type: "plain" } : multipathOf(calls, socket)),
    async connect({ required = false, ...options }) {
      const peer = formatPeer(options.host, options.port);
      if (required) requireSupport(calls, peer, "connect");
      if (calls === undefined) return connectTcp(options);
      const makeSocket = (family: 4 | 6, socketOptions: SocketConstructorOpts): Socket => {
        const descriptor = openSocket(calls, family);
        return descriptor === undefined ? new Socket(socketOptions) : socketOn(calls, descriptor, socketOptions);
      };
      const socket = await connectTcp({ ...options, makeSocket });
      if (!required || multipathOf(calls, socket).type === "multipath") return socket;
      socket.destroy();
      throw unavailable("the peer, or somebody between, does not speak it", peer, "connect");
    },
    async listen(server, { host = "127.0.0.1", port = 0, backlog = 511, required = false } = {}) {
      const family = isIP(host);
      if (family !== 4 && family !== 6) {
        throw new UsageError("OPTION_INVALID", { detail: "host", remedy: "give an IP literal" });
      }
      if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError(`port ${String(port)} is none`);
      const peer = formatPeer(host, port);
      if (required) requireSupport(calls, peer, "listen");
      try {
        const descriptor = calls && openBound(calls, family, host, port);
        await (calls === undefined || descriptor === undefined
          ? listening(server, { host, port, backlog })
          : listeningOn(calls, descriptor, server, backlog));
      } catch (cause) {
        throw transportErrorFrom(cause, { peer, operation: "listen" });
      }
    },
  };
}

function supportOf(calls: SocketCalls | undefined): MultipathSupport {
  if (calls === undefined)
    return { type: "unavailable", reason: `multipath TCP is Linux's, not ${process.platform}'s` };
  const descriptor = openSocket(calls, 4);
  if (descriptor === undefined) {
    return { type: "unavailable", reason: "the kernel has it not, or turned off: sysctl net.mptcp.enabled=1" };
  }
  calls.close(descriptor);
  return { type: "available" };
}

function requireSupport(calls: SocketCalls | undefined, peer: string, operation: string): void {
  const support = supportOf(calls);
  if (support.type === "unavailable") throw unavailable(support.reason, peer, operation);
}

function unavailable(detail: string, peer: string, operation: string): TransportError {
  return new TransportError("MULTIPATH_UNAVAILABLE", { peer, operation, detail });
}

/** An unconnected socket; `undefined` where the system has no multipath TCP or does not let us have it. */
function openSocket(calls: SocketCalls, family: 4 | 6): number | undefined {
  const type = linux.SOCK_STREAM | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC;
  const descriptor = calls.socket(family === 6 ? linux.AF_INET6 : linux.AF_INET, type, linux.IPPROTO_MPTCP);
  if (descriptor >= 0) return descriptor;
  const error = lastError("socket");
  if (notToBeHad.has(error.code)) return undefined;
  throw error;
}

/** Not built in, turned off, no such protocol of a socket, or forbidden by a filter of system calls. */
const notToBeHad: ReadonlySet<string> = new Set([
  "EPROTONOSUPPORT",
  "ENOPROTOOPT",
  "ESOCKTNOSUPPORT",
  "EINVAL",
  "EPERM",
  "EACCES",
]);

/** From here on the socket owns the descriptor. */
function socketOn(calls: SocketCalls, descriptor: number, options: SocketConstructorOpts): Socket {
  // Without `manualStart`, which the types leave out, it would read before it is connected.
  const withStart: SocketConstructorOpts & { readonly manualStart: boolean } = {
    ...options,
    fd: descriptor,
    manualStart: true,
  };
  try {
    return new Socket(withStart);
  } catch (error) {
    calls.close(descriptor);
    throw error;
  }
}

function openBound(calls: SocketCalls, family: 4 | 6, host: string, port: number): number | undefined {
  const descriptor = openSocket(calls, family);
  if (descriptor === undefined) return undefined;
  try {
    const yes = new Uint8Array(new Int32Array([1]).buffer);
    if (calls.setsockopt(descriptor, linux.SOL_SOCKET, linux.SO_REUSEADDR, yes, yes.length) < 0) {
      throw lastError("setsockopt");
    }
    const address = socketAddress(calls, family, host, port);
    if (calls.bind(descriptor, address, address.length) < 0) throw lastError("bind");
    return descriptor;
  } catch (error) {
    calls.close(descriptor);
    throw error;
  }
}

/** `struct sockaddr_in` or `sockaddr_in6`. */
function socketAddress(calls: SocketCalls, family: 4 | 6, host: string, port: number): Uint8Array {
  const bytes = new Uint8Array(family === 6 ? 28 : 16);
  const [address = host, zone] = host.split("%");
  const number = family === 6 ? linux.AF_INET6 : linux.AF_INET;
  bytes.set(new Uint8Array(new Uint16Array([number]).buffer));
  bytes.set([port >> 8, port & 0xff], 2);
  calls.inet_pton(number, address, bytes.subarray(family === 6 ? 8 : 4));
  if (zone !== undefined) bytes.set(new Uint8Array(new Uint32Array([calls.if_nametoindex(zone)]).buffer), 24);
  return bytes;
}

/** A server that cannot listen on the descriptor closes it; one that listens already does not take it. */
async function listeningOn(calls: SocketCalls, descriptor: number, server: Server, backlog: number): Promise<void> {
  // A worker of `node:cluster` would otherwise ask its primary, whose descriptors are others.
  const options: ListenOptions & { readonly fd: number } = { fd: descriptor, backlog, exclusive: true };
  try {
    server.listen(options);
  } catch (error) {
    calls.close(descriptor);
    throw error;
  }
  await once(server, "listening");
}

async function listening(server: Server, options: ListenOptions): Promise<void> {
  server.listen(options);
  await once(server, "listening");
}
