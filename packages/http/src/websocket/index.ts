/** WebSocket, RFC 6455, with compression, RFC 7692, as pure rules: the handshake of both sides, bytes to messages and back. */
export type * from "./deflate-parameters.ts";
export * from "./limits.ts";
