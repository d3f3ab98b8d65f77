import type { Duplex } from "node:stream";
import { ProtocolError, UsageError } from "@fairlead/core";
import { type CoapStreamLimits, maxExtendedTokenBytes } from "../protocol/index.ts";
import { ByteStreamCarrier } from "./byte-stream-carrier.ts";
import type { MessageCarrier } from "./message-carrier.ts";
import {
  CoapStreamChannel,
  type CoapStreamOptions,
  type CoapStreamPeer,
  defaultMaxMessageBytes,
} from "./stream-channel.ts";
import { type CoapWebSocket, WebSocketCarrier } from "./websocket-carrier.ts";

/** How a channel is opened over a connection that is there. */
export interface StreamChannelOptions extends CoapStreamOptions, CoapStreamPeer {
  /** Gives up the opening. Has no effect once the channel is there. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Speaks CoAP over a stream of bytes, whoever opened it: the two sides differ in nothing. The channel owns the stream, also
 * when it cannot be opened. What the peer asks is told from the next turn of the event loop on.
 *
 * @returns resolves when the peer's capabilities are known, which it sends first.
 * @throws ProtocolError COAP_STREAM_BROKEN, COAP_STREAM_ABORTED; TimeoutError; TransportError, TlsError; UsageError
 * OPTION_INVALID; or the signal's reason.
 *
 * @see RFC 8323 section 3
 *
 * @example
 * const stream = await connectTcp({ host: "device.example", port: 5683 });
 * const channel = await streamChannel(stream, { peer: "device.example:5683", scheme: "coap+tcp" });
 * const ask = channelRequester(channel);
 */
export function streamChannel(stream: Duplex, options: StreamChannelOptions): Promise<CoapStreamChannel> {
  const limits = limitsOf(options);
  return begin(new ByteStreamCarrier(stream, options.peer, limits), options);
}

/**
 * Speaks CoAP over a WebSocket that is open, of either side. It is the channel's: nobody else may read or write.
 *
 * @throws as {@link streamChannel}; ProtocolError COAP_STREAM_BROKEN where the subprotocol is not `coap`.
 *
 * @see RFC 8323 section 4
 *
 * @example
 * const socket = manager.webSocket("wss://device.example/.well-known/coap", { protocols: "coap" });
 * await socket.opened;
 * const channel = await webSocketChannel(socket, { peer: "device.example:443", scheme: "coaps+ws" });
 */
export async function webSocketChannel(
  socket: CoapWebSocket,
  options: StreamChannelOptions,
): Promise<CoapStreamChannel> {
  const limits = limitsOf(options);
  if (socket.protocol !== "coap") {
    socket.close(1000);
    throw new ProtocolError("COAP_STREAM_BROKEN", { peer: options.peer, detail: "its subprotocol is not coap" });
  }
  return begin(new WebSocketCarrier(socket, options.peer, limits), options);
}

function begin(carrier: MessageCarrier, options: StreamChannelOptions): Promise<CoapStreamChannel> {
  return new CoapStreamChannel(carrier, options, options).begin(options.signal);
}

function limitsOf({
  maxMessageBytes = defaultMaxMessageBytes,
  maxTokenBytes = 64,
}: CoapStreamOptions): CoapStreamLimits {
  if (!(Number.isInteger(maxMessageBytes) && maxMessageBytes >= 64 && maxMessageBytes < 2 ** 32)) {
    throw new UsageError("OPTION_INVALID", { detail: "maxMessageBytes", remedy: "give 64 to 4294967295 bytes" });
  }
  if (!(Number.isInteger(maxTokenBytes) && maxTokenBytes >= 8 && maxTokenBytes <= maxExtendedTokenBytes)) {
    throw new UsageError("OPTION_INVALID", { detail: "maxTokenBytes", remedy: "give 8 to 65804 bytes" });
  }
  return { maxMessageBytes, maxTokenBytes };
}
