import type { Duplex } from "node:stream";
import { checkWebSocketOptions } from "./check-options.ts";
import { Connection } from "./connection.ts";
import type { WebSocketConnection, WebSocketConnectionOptions, WebSocketEvents } from "./contract.ts";

/**
 * Speaks WebSocket over a stream on which the handshake is done, and owns the stream from there. Nothing is told before the
 * call returns.
 *
 * @throws UsageError OPTION_INVALID for a limit or a time that cannot be.
 *
 * @example
 * const socket = openWebSocket(stream, { role: "client" }, {
 *   onMessage: (data) => console.log(data),
 *   onClose: ({ code }) => console.log(code),
 * });
 * socket.send("hello");
 */
export function openWebSocket(
  stream: Duplex,
  options: WebSocketConnectionOptions,
  events: WebSocketEvents,
): WebSocketConnection {
  checkWebSocketOptions(options);
  return new Connection(stream, options, events);
}
