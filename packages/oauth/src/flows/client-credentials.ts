import { converse, withNonce } from "../client/conversation.ts";
import type { OAuthClient } from "../client/oauth-client.ts";
import type { TokenSet } from "../tokens/token-set.ts";
import type { FlowOptions } from "./flow-options.ts";
import { readTokens } from "./token-answer.ts";

/**
 * Gets tokens for the client itself, which is no user, and keeps them.
 *
 * @throws OAuthError OAUTH_REFUSED; AuthenticationError; what `request` throws; or the signal's reason.
 * @see RFC 6749 section 4.4
 */
export async function clientCredentials(client: OAuthClient, { signal }: FlowOptions = {}): Promise<TokenSet> {
  const { scope = [], resource, dpop } = client.options;
  const tokens = await converse(client, { operation: "get tokens", signal }, (conversation) =>
    withNonce(conversation, async () => {
      const { library, server, client: of, authentication, options, proof } = conversation;
      const parameters = new URLSearchParams();
      if (scope.length > 0) parameters.set("scope", scope.join(" "));
      if (resource !== undefined) parameters.set("resource", String(resource));
      const response = await library.clientCredentialsGrantRequest(server, of, authentication, parameters, {
        ...options,
        ...(proof === undefined ? {} : { DPoP: proof }),
      });
      const body = await library.processClientCredentialsResponse(server, of, response);
      return readTokens(conversation, { response, body }, { scope, dpop });
    }),
  );
  await client.tokens.keep(tokens);
  return tokens;
}
