import type { Duplex } from "node:stream";
import type { TlsBackend, TlsConnectOptions, TlsSocket } from "../contract.ts";
import { nodeTls } from "../node/index.ts";
import { defaultHandshakeTimeoutMilliseconds, holdToDeadline, withinDeadline } from "./handshake-deadline.ts";

/** What a client asks for, and of which library. */
export interface ConnectTlsOptions extends TlsConnectOptions {
  /** `nodeTls` by default. */
  readonly backend?: TlsBackend | undefined;
  /** 10,000 by default. */
  readonly handshakeTimeoutMilliseconds?: number | undefined;
}

/**
 * Secures a stream as the client: verified by default, within a deadline. On success the socket owns `below`; on failure
 * `below` is destroyed.
 *
 * @throws what `TlsBackend.connect` throws; TimeoutError TIMED_OUT with phase `secure`.
 *
 * @example
 * const socket = await connectTls(await connectUnix({ path: "/run/proxy.sock" }), { host: "a.example" });
 */
export async function connectTls(below: Duplex, options: ConnectTlsOptions): Promise<TlsSocket> {
  const { backend = nodeTls, handshakeTimeoutMilliseconds, ...connectOptions } = options;
  const { host, peer = host, signal } = connectOptions;
  const milliseconds = handshakeTimeoutMilliseconds ?? defaultHandshakeTimeoutMilliseconds;
  try {
    const socket = await withinDeadline({ milliseconds, signal, peer }, (ended) =>
      backend.connect(below, { ...connectOptions, signal: ended }),
    );
    return holdToDeadline(socket, { milliseconds, peer });
  } catch (error) {
    below.destroy();
    throw error;
  }
}
