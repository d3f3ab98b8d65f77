/** CoAP over TCP, TLS and WebSocket. RFC 8323. */
export { type StreamChannelOptions, streamChannel, webSocketChannel } from "./open-channel.ts";
export { CoapStreamChannel, type CoapStreamOptions, type CoapStreamPeer } from "./stream-channel.ts";
export type { CoapWebSocket, CoapWebSocketEnd } from "./websocket-carrier.ts";
