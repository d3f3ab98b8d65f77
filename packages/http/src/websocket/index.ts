/** WebSocket, RFC 6455, with compression, RFC 7692, as pure rules: the handshake of both sides, bytes to messages and back. */
export * from "./client-handshake.ts";
export * from "./close-codes.ts";
export { type DeflateAnswer, type DeflateWishes, PERMESSAGE_DEFLATE } from "./deflate-negotiation.ts";
export type * from "./deflate-parameters.ts";
export { parseExtensions, type Extension, type ExtensionParameter } from "./extensions.ts";
export * from "./frame-head.ts";
export type { HandshakeFields, WebSocketCarrier } from "./handshake-fields.ts";
export { answerHandshakeKey, isHandshakeKey, type Sha1Base64 } from "./handshake-key.ts";
export * from "./limits.ts";
export * from "./mask.ts";
export * from "./message-reader.ts";
export type * from "./message-sink.ts";
export * from "./opcodes.ts";
export * from "./origin.ts";
export * from "./platform.ts";
export * from "./server-handshake.ts";
export * from "./utf8-check.ts";
