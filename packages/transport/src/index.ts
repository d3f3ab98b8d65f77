/** Byte streams and datagrams to run a protocol over: TCP, Unix sockets, UDP, and both in memory. */
export * from "./connection-clock.ts";
export type * from "./contract.ts";
export * from "./datagram/index.ts";
export * from "./memory-pair.ts";
export * from "./peer-name.ts";
export { PieceQueue } from "./piece-queue.ts";
export * from "./read-until.ts";
export * from "./tcp.ts";
export * from "./transport-error.ts";
export { Http2Tunnel, type TunnelRoad } from "./tunnels/http2-tunnel.ts";
export * from "./tunnels/tunnels.ts";
export type { ConnectAnswer } from "./tunnels/protocol/http-connect.ts";
export * from "./unix.ts";
