import { isIP, Socket, type LookupFunction, type SocketConstructorOpts } from "node:net";
import { whenConnected } from "./opening.ts";
import { formatPeer } from "./peer-name.ts";
import { addressOrder } from "./protocol/address-order.ts";
import { race } from "./race.ts";
import { resolve } from "./resolve.ts";
import { transportErrorFrom } from "./transport-error.ts";

/** Where to connect, and how. */
export interface ConnectTcpOptions {
  /** Host name or IP literal, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly signal?: AbortSignal | undefined;
  /** Resolves `host`; `dns.lookup` by default. */
  readonly lookup?: LookupFunction | undefined;
  /** How long the latest of several addresses may take before the next is tried as well; 250 by default. */
  readonly attemptDelayMilliseconds?: number | undefined;
  /** Keeps the write side open when the peer ends its own. False by default, as Node has it. */
  readonly allowHalfOpen?: boolean | undefined;
  /**
   * Makes the socket of each attempt, not connected yet, as `new Socket(options)` does by default. For what is connected as
   * TCP is and is made otherwise, as multipath TCP. What it throws fails the attempt.
   */
  readonly makeSocket?: ((family: 4 | 6, options: SocketConstructorOpts) => Socket) | undefined;
  /**
   * Told synchronously when the name is being looked up, when it is resolved, and when the connection stands. An IP
   * literal needs no lookup and reports only `connected`. Called at most once for each phase.
   */
  readonly onPhase?: ((phase: TcpPhase) => void) | undefined;
}

/** What connects as `connectTcp` does, or in its place. */
export type ConnectTcp = (options: ConnectTcpOptions) => Promise<Socket>;

/** What has just begun, or been completed. */
export type TcpPhase = "resolving" | "resolved" | "connected";

/** First keep-alive probe after this idle time; middleboxes commonly drop silent connections after some minutes. */
const keepAliveInitialDelayMilliseconds = 60_000;

/** RFC 8305 section 8 */
const defaultAttemptDelayMilliseconds = 250;

/**
 * Opens a TCP connection without Nagle's delay and with keep-alive probes. Of several addresses the first that answers
 * wins: a slow one is not given up while others are tried. The caller owns the socket.
 *
 * @throws TransportError when no address of the host could be connected; RangeError for an impossible port; or the
 * signal's reason, and then no socket is left.
 *
 * @see RFC 8305
 *
 * @example
 * await using socket = await connectTcp({ host: "localhost", port: 8080, signal: AbortSignal.timeout(5_000) });
 */
export async function connectTcp(options: ConnectTcpOptions): Promise<Socket> {
  const { host, port, signal, lookup, onPhase } = options;
  signal?.throwIfAborted();
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError(`port ${String(port)} is none`);
  try {
    const socket = isIP(host) === 0 ? await connectName() : await whenConnected(open(host), signal);
    onPhase?.("connected");
    return socket;
  } catch (cause) {
    signal?.throwIfAborted();
    throw transportErrorFrom(cause, { peer: formatPeer(host, port), operation: "connect" });
  }

  async function connectName(): Promise<Socket> {
    onPhase?.("resolving");
    const addresses = addressOrder(await resolve(host, lookup, signal));
    if (addresses.length === 0) throw Object.assign(new Error(`${host} has no address`), { code: "ENODATA" });
    onPhase?.("resolved");
    const attempts = addresses.map(
      ({ address }) =>
        async (losing: AbortSignal) =>
          whenConnected(open(address), losing),
    );
    return race(attempts, {
      delayMilliseconds: options.attemptDelayMilliseconds ?? defaultAttemptDelayMilliseconds,
      signal,
      discard: (late) => late.destroy(),
    });
  }

  function open(address: string): Socket {
    const socketOptions = {
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveInitialDelayMilliseconds,
      allowHalfOpen: options.allowHalfOpen ?? false,
    };
    const socket = options.makeSocket?.(isIP(address) === 6 ? 6 : 4, socketOptions) ?? new Socket(socketOptions);
    // One address an attempt: who races them is `race`, because Node gives up the slow one.
    return socket.connect({ host: address, port, autoSelectFamily: false });
  }
}
