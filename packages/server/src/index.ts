/** An HTTP server: one handler shape, HTTP/1.1 and HTTP/2, plain and TLS, limits that hold. */
export type * from "./exchange/index.ts";
export { defaultHttpLimits } from "./exchange/index.ts";
export type { Admission, ListenTlsOptions, ProxyProtocolOptions } from "./listen/index.ts";
export { type IdentityFiles, type ReloadableIdentity, reloadIdentity } from "./listen/index.ts";
export type { ForwardedTrust, HstsOptions } from "./forwarded/index.ts";
export type { ClientAddress, FetchHandler, RequestContext } from "./fetch-handler.ts";
export type { Awaitable, Plugin } from "./plugin.ts";
export { composePlugins } from "./plugins/index.ts";
export type { ServerObserver } from "./server-observer.ts";
export {
  admission,
  rateLimit,
  subnets,
  type AdmissionDecision,
  type AdmissionOptions,
  type RateLimitOptions,
  type Subnets,
} from "./admission/index.ts";
export {
  closeOnSignals,
  health,
  type Closable,
  type CloseOnSignalsOptions,
  type ClosingOnSignals,
  type DrainOptions,
  type Health,
  type HealthCheck,
  type HealthOptions,
} from "./life/index.ts";
export * from "./observe/index.ts";
export * from "./fetch/index.ts";
export * from "./events/index.ts";
export * from "./relay/index.ts";
export * from "./websocket/index.ts";
export { httpServer, HttpServer, type HttpServerOptions } from "./http-server.ts";
export { serve, type RunningServer, type ServeOptions } from "./serve.ts";
export * from "./content/index.ts";
export * from "./files/index.ts";
export * from "./node/index.ts";
