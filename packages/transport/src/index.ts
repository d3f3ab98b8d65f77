/** Byte streams to run a protocol over: TCP, Unix sockets and an in-memory pair. */
export type * from "./contract.ts";
export * from "./memory-pair.ts";
export * from "./peer-name.ts";
export * from "./tcp.ts";
export * from "./transport-error.ts";
export * from "./tunnels/tunnels.ts";
export type { ConnectAnswer } from "./tunnels/protocol/http-connect.ts";
export * from "./unix.ts";
