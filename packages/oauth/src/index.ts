/** OAuth 2 and OpenID Connect, bound to the network access manager. */
export type { OAuthClient } from "./client/oauth-client.ts";
export type { ClientAuthentication, OAuthClientOptions } from "./client/options.ts";
export type { IdTokenClaims, TokenKeeper, TokenSet } from "./tokens/token-set.ts";
