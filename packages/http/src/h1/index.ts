/** Messages of HTTP/1.1, RFC 9112, as pure rules: heads out and bytes in, of requests and of responses. */
export * from "./body-framing.ts";
export * from "./latin1.ts";
export * from "./limits.ts";
export * from "./persistence.ts";
export * from "./reason-phrases.ts";
export type { ReceivedRequestHead } from "./received-request-head.ts";
export type { RequestFraming } from "./request-framing.ts";
export * from "./request-head.ts";
export { DEFAULT_HTTP1_REQUEST_LIMITS, type Http1RequestLimits } from "./request-limits.ts";
export * from "./request-parser.ts";
export * from "./response-head.ts";
export * from "./response-parser.ts";
export type * from "./response-sink.ts";
export * from "./sent-response-head.ts";
