/** The client's end of an HTTP/2 connection, RFC 9113 and 7541, as a pure state machine. */
export * from "./client.ts";
export * from "./client-stream.ts";
export * from "./fault.ts";
export { ErrorCode, FRAME_HEAD_LENGTH, nameErrorCode } from "./frames.ts";
export * from "./request-head.ts";
export { gatherFields, type FlatFields } from "./response-head.ts";
export { STREAMS_LIMIT } from "./stream-windows.ts";
