/** Both ends of an HTTP/2 connection, RFC 9113 and 7541, as pure state machines. */
export * from "./client.ts";
export * from "./client-stream.ts";
export type { Http2ConnectionEvents } from "./connection.ts";
export * from "./fault.ts";
export type { FlatFields } from "./field-rules.ts";
export { FlowStream } from "./flow-stream.ts";
export { ErrorCode, FRAME_HEAD_LENGTH, nameErrorCode } from "./frames.ts";
export * from "./received-request.ts";
export * from "./request-head.ts";
export { gatherFields } from "./response-head.ts";
export * from "./sent-response.ts";
export * from "./server.ts";
export * from "./server-stream.ts";
export { STREAMS_LIMIT } from "./stream-windows.ts";
