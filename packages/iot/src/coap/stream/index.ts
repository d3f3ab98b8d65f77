/** CoAP over TCP, TLS and WebSocket. RFC 8323. */
export { connectStream, type ConnectStreamDangers, type ConnectStreamOptions } from "./connect-stream.ts";
export { listenStreams, type ListenStreamsOptions, type StreamTlsOptions } from "./listen-streams.ts";
export { type StreamChannelOptions, streamChannel, webSocketChannel } from "./open-channel.ts";
export { CoapStreamChannel, type CoapStreamOptions, type CoapStreamPeer } from "./stream-channel.ts";
export type { CoapWebSocket, CoapWebSocketEnd } from "./websocket-carrier.ts";
