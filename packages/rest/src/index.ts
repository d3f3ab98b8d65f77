/** REST client and server from one contract. */
export * from "./client/index.ts";
export * from "./contract/index.ts";
export { defineApi, type Api } from "./define-api.ts";
export * from "./openapi/index.ts";
export * from "./patterns/index.ts";
export * from "./server/index.ts";
