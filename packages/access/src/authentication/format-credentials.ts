import {
  basicCredentials,
  bearerCredentials,
  type AuthenticationScheme,
  type DigestProof,
  type DigestRequest,
} from "@fairlead/http/authentication";
import type { Credentials } from "./credentials.ts";
import type { DigestNonce } from "./digest-nonce.ts";

/** Schemes that authenticate a request by a field of its own. */
export type FieldScheme = Exclude<AuthenticationScheme, "ntlm" | "negotiate">;

/** What goes into the field, and what the server's own proof is checked against. */
export interface FormattedCredentials {
  readonly field: string;
  readonly proof: DigestProof | undefined;
}

/** Whether a scheme takes credentials of this kind at all. */
export function takes(scheme: AuthenticationScheme, { type }: Credentials): boolean {
  switch (type) {
    case "password":
      return scheme !== "bearer";
    case "token":
      return scheme === "bearer";
    case "system":
      return scheme === "negotiate";
  }
}

/**
 * Formats credentials for one request; `undefined` where the scheme cannot carry them, or needs the request's content and
 * that is not known.
 */
export function formatCredentials(
  scheme: FieldScheme,
  credentials: Credentials,
  nonce: DigestNonce | undefined,
  request: DigestRequest,
): FormattedCredentials | undefined {
  switch (credentials.type) {
    case "password": {
      if (scheme === "digest") {
        const answer = nonce?.answer(request, credentials);
        return answer && { field: answer.credentials, proof: answer.proof };
      }
      return scheme === "basic" ? inField(basicCredentials(credentials)) : undefined;
    }
    case "token":
      return scheme === "bearer" ? inField(bearerCredentials(credentials.token)) : undefined;
    case "system":
      return undefined;
  }
}

function inField(field: string | undefined): FormattedCredentials | undefined {
  return field === undefined ? undefined : { field, proof: undefined };
}
