import { AuthenticationError, escapeControls } from "@fairlead/core";

/** What the thrower of an {@link OAuthError} knows. Neither may hold a secret. */
export interface OAuthErrorFacts {
  readonly peer: string | undefined;
  readonly operation: string | undefined;
  readonly error: string;
  readonly errorDescription?: string | undefined;
}

/** The authorization server refused, and said why: OAUTH_REFUSED. RFC 6749 sections 4.1.2.1 and 5.2. */
export class OAuthError extends AuthenticationError {
  /** Such as `access_denied`, as the server wrote it; without what could move a terminal's cursor, and 100 characters at the most. */
  readonly error: string;
  /** For people, as the server wrote it, and as harmless; 500 characters at the most. */
  readonly errorDescription: string | undefined;

  constructor({ peer, operation, error, errorDescription }: OAuthErrorFacts) {
    const said = printable(error, 100);
    const description = errorDescription === undefined ? undefined : printable(errorDescription, 500);
    super("OAUTH_REFUSED", {
      peer,
      operation,
      detail: description === undefined ? said : `${said}: ${description}`,
    });
    this.error = said;
    this.errorDescription = description;
  }

  override get name(): "OAuthError" {
    return "OAuthError";
  }
}

function printable(text: string, limit: number): string {
  return escapeControls(text.slice(0, limit)).slice(0, limit);
}
