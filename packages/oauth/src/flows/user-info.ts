import { AuthenticationError } from "@fairlead/core";
import type { UserInfoResponse } from "oauth4webapi";
import { converse, withNonce } from "../client/conversation.ts";
import type { OAuthClient } from "../client/oauth-client.ts";
import type { FlowOptions } from "./flow-options.ts";
import { isSigned } from "./introspect.ts";

/** What a server tells of who has signed in. OpenID Connect Core section 5.1 */
export type { UserInfoResponse } from "oauth4webapi";

/**
 * Asks the server about who has signed in. Its answer is about the same user as the ID token, or an error.
 *
 * @throws AuthenticationError OAUTH_LOGIN_REQUIRED where nobody is signed in, OAUTH_RESPONSE_INVALID,
 * OAUTH_CAPABILITY_MISSING; OAuthError OAUTH_REFUSED; what `request` throws; or the signal's reason.
 * @see OpenID Connect Core section 5.3
 */
export function userInfo(client: OAuthClient, { signal }: FlowOptions = {}): Promise<UserInfoResponse> {
  const topic = { operation: "ask who signed in", signal, codes: { jwt: "OAUTH_RESPONSE_INVALID" } } as const;
  return converse(client, topic, (conversation) => {
    const { library, server, client: of, options, proof, question } = conversation;
    const tokens = client.tokens.current();
    if (tokens === undefined) {
      throw new AuthenticationError("OAUTH_LOGIN_REQUIRED", { peer: question.peer, operation: question.operation });
    }
    question.secrets.add(tokens.accessToken);
    return withNonce(conversation, async () => {
      const response = await library.userInfoRequest(server, of, tokens.accessToken, {
        ...options,
        ...(proof === undefined || tokens.tokenType === "bearer" ? {} : { DPoP: proof }),
      });
      const subject = tokens.claims?.sub ?? library.skipSubjectCheck;
      const answer = await library.processUserInfoResponse(server, of, subject, response);
      if (isSigned(response)) await library.validateApplicationLevelSignature(server, response, options);
      return answer;
    });
  });
}
