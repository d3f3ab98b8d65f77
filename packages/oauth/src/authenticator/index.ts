/** Tokens on requests. */
export { authenticator } from "./authenticator.ts";
export type { AuthenticatorOptions, InsufficientScope, OnInsufficientScope, OnLogin } from "./options.ts";
