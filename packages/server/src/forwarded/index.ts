/** What proxies in front say of the client, believed of those who are trusted and removed from all others. */
export { clientOf, EdgeExchange } from "./edge-exchange.ts";
export { exchangeEdge, type EdgeOptions, type ForwardedTrust } from "./exchange-edge.ts";
export { formatHsts, type HstsOptions } from "./hsts.ts";
export { redirectToHttps } from "./redirect-to-https.ts";
