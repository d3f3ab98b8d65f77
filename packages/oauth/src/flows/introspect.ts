import type { IntrospectionResponse } from "oauth4webapi";
import { converse } from "../client/conversation.ts";
import type { OAuthClient } from "../client/oauth-client.ts";
import type { TokenOptions } from "./revoke.ts";

/** What a server says of a token; `active` alone where it is none of its own, or no longer. RFC 7662 section 2.2 */
export type { IntrospectionResponse } from "oauth4webapi";

/**
 * Asks the server about a token: whose it is, for what, and until when. For a service that was handed one. A signed answer is
 * verified.
 *
 * @throws OAuthError OAUTH_REFUSED; AuthenticationError OAUTH_CAPABILITY_MISSING, OAUTH_RESPONSE_INVALID; what `request`
 * throws; or the signal's reason.
 * @see RFC 7662, RFC 9701
 */
export function introspect(
  client: OAuthClient,
  token: string,
  { hint, signal }: TokenOptions = {},
): Promise<IntrospectionResponse> {
  const topic = { operation: "introspect token", signal, codes: { jwt: "OAUTH_RESPONSE_INVALID" } } as const;
  return converse(client, topic, async (conversation) => {
    const { library, server, client: of, authentication, options } = conversation;
    const response = await library.introspectionRequest(server, of, authentication, token, {
      ...options,
      ...(hint === undefined ? {} : { additionalParameters: { token_type_hint: hint } }),
    });
    const answer = await library.processIntrospectionResponse(server, of, response);
    if (isSigned(response)) await library.validateApplicationLevelSignature(server, response, options);
    return answer;
  });
}

/** Whether an answer is a JWT, whose signature is to be verified. */
export function isSigned(response: Response): boolean {
  return /jwt\s*(?:;|$)/i.test(response.headers.get("content-type") ?? "");
}
