/** REST client and server from one contract. */
export * from "./contract/index.ts";
export * from "./patterns/index.ts";
