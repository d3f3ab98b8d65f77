import { AuthenticationError, ContentError } from "@fairlead/core";
import { readJson } from "@fairlead/http/json";
import type { TokenEndpointResponse } from "oauth4webapi";
import type { Conversation } from "../client/conversation.ts";
import { explainError } from "../client/explain-error.ts";
import type { IdTokenClaims, TokenSet } from "../tokens/token-set.ts";
import { accessTokenHashMatches } from "./access-token-hash.ts";

/** A token endpoint's answer, as it came and as the library has read it. */
export interface TokenAnswer {
  readonly response: Response;
  readonly body: TokenEndpointResponse;
}

/** What was asked for, which holds where the answer does not say. */
export interface AskedTokens {
  readonly scope: readonly string[];
  /** Whether tokens that are bound to no key are refused. */
  readonly dpop: boolean | undefined;
  /** What they take the place of. */
  readonly previous?: TokenSet;
}

/**
 * Reads what an authorization server gave, and has the signature of its ID token verified.
 *
 * @throws AuthenticationError OAUTH_RESPONSE_INVALID, OAUTH_ID_TOKEN_INVALID, OAUTH_CAPABILITY_MISSING
 */
export async function readTokens(
  conversation: Conversation,
  answer: TokenAnswer,
  { scope, dpop, previous }: AskedTokens,
): Promise<TokenSet> {
  const { body } = answer;
  const receivedAt = Date.now();
  const { access_token: accessToken, refresh_token: refreshToken, id_token: idToken } = body;
  for (const token of [accessToken, refreshToken, idToken]) {
    if (token !== undefined && !isTokenText(token)) throw fault(conversation, "a token that is no token");
  }
  if (body.token_type === "dpop" && conversation.proof === undefined) {
    throw fault(conversation, "a token that is bound to a key of nobody's");
  }
  if (body.token_type === "bearer" && dpop === true) {
    throw fault(conversation, "DPoP", "OAUTH_CAPABILITY_MISSING");
  }
  const claims = await verifiedClaims(conversation, answer);
  if (claims !== undefined && previous?.claims !== undefined) requireSameUser(conversation, claims, previous.claims);
  return {
    accessToken,
    // No other type is let through.
    tokenType: body.token_type === "dpop" ? "dpop" : "bearer",
    expiresAt:
      body.expires_in === undefined ? undefined : receivedAt + Math.min(body.expires_in, LONGEST_SECONDS) * 1_000,
    refreshToken: refreshToken ?? previous?.refreshToken,
    scope: body.scope === undefined ? (previous?.scope ?? scope) : body.scope.split(" ").filter((one) => one !== ""),
    claims: claims ?? previous?.claims,
    idToken: idToken ?? previous?.idToken,
  };
}

/** A hundred years: a time beyond it would be no date. */
const LONGEST_SECONDS = 3_153_600_000;

/** What may stand in a token, whoever made it up. RFC 6749 appendix A.12 */
function isTokenText(token: string): boolean {
  return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(token);
}

/** The claims of the ID token, which the library has held against the rules, and whose signature is the server's. */
async function verifiedClaims(
  conversation: Conversation,
  { response, body }: TokenAnswer,
): Promise<IdTokenClaims | undefined> {
  const { library, server, client, options, question } = conversation;
  const claims = library.getValidatedIdTokenClaims(body);
  if (claims === undefined || body.id_token === undefined) return undefined;
  try {
    requireOneReading(body.id_token);
    await library.validateApplicationLevelSignature(server, response, options);
  } catch (error) {
    throw error instanceof ContentError
      ? fault(conversation, "its JSON can be read in two ways", "OAUTH_ID_TOKEN_INVALID")
      : explainError(error, question, library, { answer: "OAUTH_ID_TOKEN_INVALID" });
  }
  // The library looks at it among several audiences only. OpenID Connect Core section 3.1.3.7, rule 5
  if (claims.azp !== undefined && claims.azp !== client.client_id) {
    throw fault(conversation, "another client asked for it", "OAUTH_ID_TOKEN_INVALID");
  }
  if (!accessTokenHashMatches(body.access_token, claims["at_hash"], body.id_token)) {
    throw fault(conversation, "at_hash is not of the access token", "OAUTH_ID_TOKEN_INVALID");
  }
  return claims;
}

/** Head and claims say everything once: whoever else reads them reads the same. RFC 7519 section 4 */
function requireOneReading(idToken: string): void {
  for (const part of idToken.split(".").slice(0, 2)) readJson(Buffer.from(part, "base64url").toString());
}

/** Who has signed in does not change. OpenID Connect Core section 12.2 */
function requireSameUser(conversation: Conversation, now: IdTokenClaims, before: IdTokenClaims): void {
  if (now.sub !== before.sub) throw fault(conversation, "it is of another user", "OAUTH_ID_TOKEN_INVALID");
  if (now["nonce"] !== undefined && now["nonce"] !== before["nonce"]) {
    throw fault(conversation, "its nonce is another", "OAUTH_ID_TOKEN_INVALID");
  }
}

function fault(
  { question: { peer, operation } }: Conversation,
  detail: string,
  code: "OAUTH_RESPONSE_INVALID" | "OAUTH_ID_TOKEN_INVALID" | "OAUTH_CAPABILITY_MISSING" = "OAUTH_RESPONSE_INVALID",
): AuthenticationError {
  return new AuthenticationError(code, { peer, operation, detail });
}
