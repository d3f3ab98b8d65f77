import { connect, type Socket } from "node:net";
import { whenConnected } from "./opening.ts";
import { transportErrorFrom } from "./transport-error.ts";

/** Where to connect, and how. */
export interface ConnectUnixOptions {
  /** Path of the socket, or the name of a Windows pipe. */
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
  /** Keeps the write side open when the peer ends its own. False by default, as Node has it. */
  readonly allowHalfOpen?: boolean | undefined;
}

/**
 * Opens a connection to a Unix socket. The caller owns the socket.
 *
 * @throws TransportError, SOCKET_NOT_FOUND or CONNECTION_REFUSED when nobody listens there; or the signal's reason.
 */
export async function connectUnix(options: ConnectUnixOptions): Promise<Socket> {
  const { path, signal } = options;
  signal?.throwIfAborted();
  const socket = connect({ path, allowHalfOpen: options.allowHalfOpen ?? false });
  try {
    return await whenConnected(socket, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    throw transportErrorFrom(cause, { peer: path, operation: "connect" });
  }
}
