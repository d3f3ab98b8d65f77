/** HTTP authentication, RFC 9110 section 11, as pure rules: challenges, the schemes Basic, Bearer and Digest, the choice. */
export * from "./basic.ts";
export * from "./bearer.ts";
export * from "./challenge.ts";
export * from "./choice.ts";
export type * from "./connection-bound.ts";
export * from "./credential-record.ts";
export * from "./digest.ts";
export * from "./login-record.ts";
export * from "./oauth1-token-record.ts";
export * from "./token-record.ts";
