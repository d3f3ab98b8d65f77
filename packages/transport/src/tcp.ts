import { connect, type LookupFunction, type Socket } from "node:net";
import { whenConnected } from "./opening.ts";
import { formatPeer } from "./peer-name.ts";

/** Where to connect, and how. */
export interface ConnectTcpOptions {
  /** Host name or IP literal, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly signal?: AbortSignal | undefined;
  /** Resolves `host`; `dns.lookup` by default. */
  readonly lookup?: LookupFunction | undefined;
  /** Tries several addresses in turn (RFC 8305, as far as Node does it). True by default. */
  readonly autoSelectFamily?: boolean | undefined;
  /** How long one of several addresses may take before the next is tried; 250 by Node's default. */
  readonly autoSelectFamilyAttemptTimeoutMilliseconds?: number | undefined;
  /** Keeps the write side open when the peer ends its own. False by default, as Node has it. */
  readonly allowHalfOpen?: boolean | undefined;
  /**
   * Told synchronously when the name is resolved, and when the connection stands. An IP literal needs no lookup and
   * reports only `connected`. Called at most once for each phase.
   */
  readonly onPhase?: ((phase: TcpPhase) => void) | undefined;
}

/** What has just been completed. */
export type TcpPhase = "resolved" | "connected";

/** First keep-alive probe after this idle time; middleboxes commonly drop silent connections after some minutes. */
const keepAliveInitialDelayMilliseconds = 60_000;

/**
 * Opens a TCP connection without Nagle's delay and with keep-alive probes. The caller owns the socket.
 *
 * @throws TransportError when no address of the host could be connected; RangeError for an impossible port; or the
 * signal's reason, and then no socket is left.
 *
 * @example
 * await using socket = await connectTcp({ host: "localhost", port: 8080, signal: AbortSignal.timeout(5_000) });
 */
export async function connectTcp(options: ConnectTcpOptions): Promise<Socket> {
  const { host, port, signal, onPhase } = options;
  signal?.throwIfAborted();
  const socket = connect({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveInitialDelayMilliseconds,
    allowHalfOpen: options.allowHalfOpen ?? false,
    ...(options.lookup && { lookup: options.lookup }),
    ...(options.autoSelectFamily !== undefined && { autoSelectFamily: options.autoSelectFamily }),
    ...(options.autoSelectFamilyAttemptTimeoutMilliseconds !== undefined && {
      autoSelectFamilyAttemptTimeout: options.autoSelectFamilyAttemptTimeoutMilliseconds,
    }),
  });
  // Emitted once for each address; a failed lookup fails the connection as well.
  const onLookup = (error: Error | null): void => {
    socket.off("lookup", onLookup);
    if (!error) onPhase?.("resolved");
  };
  if (onPhase) socket.on("lookup", onLookup);
  try {
    await whenConnected(socket, { peer: formatPeer(host, port), signal });
  } finally {
    socket.off("lookup", onLookup);
  }
  onPhase?.("connected");
  return socket;
}
