/** A reverse proxy: requests are passed on to servers behind. RFC 9110 section 7.6. */
export { reverseProxy, type ReverseProxy } from "./reverse-proxy.ts";
export type { RelayTarget, ReverseProxyOptions } from "./reverse-proxy-options.ts";
export type { HealthPolicy } from "./protocol/health.ts";
export type { UpstreamTimeouts } from "./upstream-request.ts";
export type { UpstreamTls } from "./upstream.ts";
