import { AuthenticationError } from "@fairlead/core";
import { converse, withNonce } from "../client/conversation.ts";
import type { OAuthClient } from "../client/oauth-client.ts";
import { OAuthError } from "../oauth-error.ts";
import type { TokenSet } from "../tokens/token-set.ts";
import type { FlowOptions } from "./flow-options.ts";
import { readTokens } from "./token-answer.ts";

/**
 * Gets tokens in place of `tokens` by their refresh token, and keeps them before it returns: a server that has given another
 * refresh token takes the old one no longer. When it takes this one no longer, the tokens are forgotten, unless others have
 * taken their place meanwhile.
 *
 * @throws AuthenticationError OAUTH_LOGIN_REQUIRED without a refresh token, or with one that is used up or was revoked;
 * OAuthError OAUTH_REFUSED; what `request` throws; or the signal's reason.
 * @see RFC 6749 section 6, RFC 9700 section 4.14
 */
export async function refresh(client: OAuthClient, tokens: TokenSet, { signal }: FlowOptions = {}): Promise<TokenSet> {
  const { refreshToken } = tokens;
  if (refreshToken === undefined) throw loginRequired(client);
  let fresh: TokenSet;
  try {
    fresh = await requestFresh(client, tokens, refreshToken, signal);
  } catch (error) {
    if (!(error instanceof OAuthError && error.error === "invalid_grant")) throw error;
    if (client.tokens.current()?.refreshToken === refreshToken) await client.tokens.forget();
    throw loginRequired(client, error);
  }
  await client.tokens.keep(fresh);
  return fresh;
}

function requestFresh(
  client: OAuthClient,
  tokens: TokenSet,
  refreshToken: string,
  signal: AbortSignal | undefined,
): Promise<TokenSet> {
  const { resource, dpop } = client.options;
  return converse(client, { operation: "refresh tokens", signal }, (conversation) =>
    withNonce(conversation, async () => {
      const { library, server, client: of, authentication, options, proof } = conversation;
      const response = await library.refreshTokenGrantRequest(server, of, authentication, refreshToken, {
        ...options,
        ...(proof === undefined ? {} : { DPoP: proof }),
        ...(resource === undefined ? {} : { additionalParameters: { resource: String(resource) } }),
      });
      const body = await library.processRefreshTokenResponse(server, of, response);
      return readTokens(conversation, { response, body }, { scope: tokens.scope, dpop, previous: tokens });
    }),
  );
}

/** Nobody is signed in, or no longer. */
function loginRequired({ options }: OAuthClient, cause?: OAuthError): AuthenticationError {
  return new AuthenticationError("OAUTH_LOGIN_REQUIRED", {
    peer: new URL(options.issuer).host,
    operation: "refresh tokens",
    ...(cause === undefined ? {} : { cause }),
  });
}
