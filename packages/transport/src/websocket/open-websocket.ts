import type { Duplex } from "node:stream";
import type { WebSocketConnection, WebSocketConnectionOptions, WebSocketEvents } from "./contract.ts";

/**
 * Speaks WebSocket over a stream on which the handshake is done, and owns the stream from there. Nothing is told before the
 * call returns.
 */
export function openWebSocket(
  stream: Duplex,
  options: WebSocketConnectionOptions,
  events: WebSocketEvents,
): WebSocketConnection {
  throw new Error(`not yet: ${String(stream.readable)} ${options.role} ${typeof events.onMessage}`);
}
