/** What a driver makes of a version of HTTP, and what everything above works with. */
export type * from "./body-source.ts";
export type * from "./connection-facts.ts";
export type * from "./driver.ts";
export type * from "./exchange.ts";
export { defaultHttpLimits, httpLimits, type HttpLimits } from "./limits.ts";
