import { AuthenticationError, isCodedError, type AuthenticationErrorCode } from "@fairlead/core";
import { OAuthError } from "../oauth-error.ts";
import type { OAuthLibrary } from "./library.ts";
import type { Question } from "./manager-fetch.ts";

/**
 * Explains what the protocol's library throws, in our terms. What it throws is never kept as a cause: it holds what came,
 * tokens and codes included.
 *
 * @param codes what is said of an answer that is wrong in no way that has a code of its own, and of a token that is.
 */
export function explainError(
  error: unknown,
  { peer, operation, secrets }: Question,
  library: OAuthLibrary,
  { answer = "OAUTH_RESPONSE_INVALID", jwt = "OAUTH_ID_TOKEN_INVALID" }: FaultCodes = {},
): unknown {
  if (isCodedError(error)) return error;
  if (error instanceof library.ResponseBodyError || error instanceof library.AuthorizationResponseError) {
    const description: unknown = error.error_description;
    return new OAuthError({
      peer,
      operation,
      error: withoutSecrets(error.error, secrets),
      errorDescription: typeof description === "string" ? withoutSecrets(description, secrets) : undefined,
    });
  }
  if (error instanceof library.WWWAuthenticateChallengeError) {
    const { parameters } = error.cause[0] ?? {};
    return new OAuthError({
      peer,
      operation,
      error: withoutSecrets(parameters?.error ?? `status_${String(error.status)}`, secrets),
      errorDescription:
        parameters?.error_description === undefined ? undefined : withoutSecrets(parameters.error_description, secrets),
    });
  }
  if (!isOfLibrary(error, library)) return new AuthenticationError(answer, { peer, operation });
  // Its messages say which rule is broken, and quote nothing of what came.
  return new AuthenticationError(codeOf(error, library, jwt) ?? answer, { peer, operation, detail: error.message });
}

/** What is said of faults that have no code of their own. */
export interface FaultCodes {
  /** OAUTH_RESPONSE_INVALID by default. */
  readonly answer?: AuthenticationErrorCode;
  /** Of a JWT; OAUTH_ID_TOKEN_INVALID by default. */
  readonly jwt?: AuthenticationErrorCode;
}

type LibraryError = Error & { readonly code?: string | undefined; readonly cause?: unknown };

function isOfLibrary(error: unknown, library: OAuthLibrary): error is LibraryError {
  return error instanceof library.OperationProcessingError || error instanceof library.UnsupportedOperationError;
}

/** Its code where the rule that is broken has one; `undefined` where that depends on what was being done. */
function codeOf(
  { code, message, cause }: LibraryError,
  library: OAuthLibrary,
  jwt: AuthenticationErrorCode,
): AuthenticationErrorCode | undefined {
  if (code === library.MISSING_SERVER_METADATA) return "OAUTH_CAPABILITY_MISSING";
  if (code === library.JWT_TIMESTAMP_CHECK || code === library.KEY_SELECTION) return jwt;
  if (code === library.JSON_ATTRIBUTE_COMPARISON && attributeOf(cause) === "issuer") return "OAUTH_ISSUER_MISMATCH";
  if (code === library.JWT_CLAIM_COMPARISON) {
    return attributeOf(cause) === "iss" ? "OAUTH_ISSUER_MISMATCH" : jwt;
  }
  if (message.includes('"iss" (issuer) response') || message.includes('parameter "iss"'))
    return "OAUTH_ISSUER_MISMATCH";
  if (message.includes('"state"')) return "OAUTH_STATE_MISMATCH";
  return /\b(?:JW[TSE]|ID Token|id_token)\b/.test(message) ? jwt : undefined;
}

function attributeOf(cause: unknown): unknown {
  if (typeof cause !== "object" || cause === null) return undefined;
  return "attribute" in cause ? cause.attribute : "claim" in cause ? cause.claim : undefined;
}

/** Servers that quote what they refuse are not repeated. */
function withoutSecrets(text: string, secrets: ReadonlySet<string>): string {
  let told = text;
  for (const secret of secrets) if (secret !== "") told = told.replaceAll(secret, "…");
  return told;
}
