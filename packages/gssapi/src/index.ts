/** The authentication scheme Negotiate, by the system's GSS-API. */
export { negotiate } from "./negotiate.ts";
export type { NegotiateOptions } from "./options.ts";
