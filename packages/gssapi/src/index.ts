/** The authentication scheme Negotiate, by the system's GSS-API. */
export {
  acceptNegotiate,
  type Acceptance,
  type NegotiateAcceptance,
  type NegotiateAcceptorOptions,
} from "./negotiate-acceptor.ts";
export { negotiate } from "./negotiate.ts";
export type { NegotiateOptions } from "./options.ts";
