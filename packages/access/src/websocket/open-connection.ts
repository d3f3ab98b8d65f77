import { openWebSocket, type WebSocketConnection, type WebSocketEvents } from "@fairlead/transport/websocket";
import type { ExchangeDefaults } from "../open-exchange.ts";
import { shakeHands, type AgreedStream } from "./handshake.ts";
import type { WebSocketOptions } from "./options.ts";

/** A WebSocket that is open, and what it came to be by. */
export interface OpenedWebSocket extends Pick<AgreedStream, "fields" | "peer" | "transaction"> {
  readonly connection: WebSocketConnection;
  /** What is spoken on it besides: `permessage-deflate`, or nothing. */
  readonly extensions: string;
}

/** Opens a WebSocket. Errors as for `shakeHands`. */
export async function openConnection(
  url: URL,
  options: WebSocketOptions,
  signal: AbortSignal,
  defaults: ExchangeDefaults,
  events: WebSocketEvents,
): Promise<OpenedWebSocket> {
  const { stream, peer, protocol, deflate, fields, transaction } = await shakeHands(url, options, signal, defaults);
  const { limits, keepAlive, closeTimeoutMilliseconds } = options;
  const connection = openWebSocket(
    stream,
    { role: "client", peer, protocol, deflate, limits, keepAlive, closeTimeoutMilliseconds, signal },
    events,
  );
  return { connection, extensions: deflate === undefined ? "" : "permessage-deflate", fields, peer, transaction };
}
