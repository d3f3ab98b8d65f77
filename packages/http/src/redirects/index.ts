/** Redirects, RFC 9110 section 15.4, as pure rules. */
export * from "./decision.ts";
export * from "./fields.ts";
export * from "./policy.ts";
