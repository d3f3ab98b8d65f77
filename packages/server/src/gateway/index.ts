/** Handlers in workers: processes, threads, and programs in other languages. */
export { gateway, type Gateway, type GatewayStats, type GatewayWorkerStats } from "./gateway.ts";
export type { GatewayOptions, GatewayWorkers } from "./gateway-options.ts";
export type { GatewayEvent, ReplacementReason, WorkerName } from "./pool/gateway-event.ts";
export type { LogLevel } from "./protocol/index.ts";
export { serveGateway, type GatewayWorker, type ServeGatewayOptions } from "./worker-end/serve-gateway.ts";
