/** HTTP caching, RFC 9111, as pure rules: what is stored, what may be used again, and when the origin is asked. */
export * from "./cache-control.ts";
export * from "./cached-head.ts";
export * from "./fields.ts";
export * from "./freshness.ts";
export * from "./http-date.ts";
export * from "./identity.ts";
export * from "./invalidation.ts";
export * from "./redirect-record.ts";
export * from "./reuse.ts";
export * from "./storage.ts";
export type * from "./stored-response.ts";
export * from "./validation.ts";
export * from "./vary.ts";
