/** WebSocket over any byte stream, for client and server. RFC 6455, RFC 7692. */
export { checkWebSocketOptions } from "./check-options.ts";
export type * from "./contract.ts";
export { KeepAlive, type SilentPeer } from "./keep-alive.ts";
export * from "./open-websocket.ts";
