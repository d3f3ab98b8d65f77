/** Messages of HTTP/1.1, RFC 9112, as pure rules: a request's head out, a response's bytes in. */
export * from "./body-framing.ts";
export * from "./latin1.ts";
export * from "./limits.ts";
export * from "./persistence.ts";
export * from "./request-head.ts";
export * from "./response-head.ts";
export * from "./response-parser.ts";
export type * from "./response-sink.ts";
