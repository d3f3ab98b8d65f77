/** OAuth 2 and OpenID Connect, bound to the network access manager. */
export * from "./authenticator/index.ts";
export type { OAuthClient } from "./client/oauth-client.ts";
export { openOAuthClient } from "./client/open-oauth-client.ts";
export type { ClientAuthentication, OAuthClientOptions } from "./client/options.ts";
export * from "./flows/index.ts";
export { OAuthError } from "./oauth-error.ts";
export type { TokenKeeper } from "./tokens/token-keeper.ts";
export type { IdTokenClaims, TokenSet } from "./tokens/token-set.ts";
