import { converse } from "../client/conversation.ts";
import type { OAuthClient } from "../client/oauth-client.ts";
import type { FlowOptions } from "./flow-options.ts";

/** Which of a client's tokens one is, where that is known. RFC 7009 section 2.1 */
export type TokenTypeHint = "access_token" | "refresh_token";

/** How a token is named to the server. */
export interface TokenOptions extends FlowOptions {
  readonly hint?: TokenTypeHint;
}

/**
 * Has the server take a token no longer, and with a refresh token those that came by it. What the client keeps stays as it is:
 * `logout` is for all of it.
 *
 * @throws OAuthError OAUTH_REFUSED; AuthenticationError OAUTH_CAPABILITY_MISSING; what `request` throws; or the signal's reason.
 * @see RFC 7009
 */
export async function revoke(client: OAuthClient, token: string, { hint, signal }: TokenOptions = {}): Promise<void> {
  await converse(client, { operation: "revoke token", signal }, async (conversation) => {
    const { library, server, client: of, authentication, options } = conversation;
    const response = await library.revocationRequest(server, of, authentication, token, {
      ...options,
      ...(hint === undefined ? {} : { additionalParameters: { token_type_hint: hint } }),
    });
    await library.processRevocationResponse(response);
  });
}
