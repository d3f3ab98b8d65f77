/** What an authorization server gave: what says who the client is, and what gets it anew. RFC 6749 section 5.1. */
export interface TokenSet {
  /** Secret. */
  readonly accessToken: string;
  /** How it is sent: alone (RFC 6750), or with a proof that its sender has a key (RFC 9449). */
  readonly tokenType: "bearer" | "dpop";
  /** Milliseconds since the epoch; `undefined` where the server did not say. */
  readonly expiresAt: number | undefined;
  /** Secret; `undefined` where there is none. */
  readonly refreshToken: string | undefined;
  /** What was granted, which may be less than what was asked for. */
  readonly scope: readonly string[];
  /** The claims of the validated ID token; `undefined` where there was none. OpenID Connect Core section 2. */
  readonly claims: IdTokenClaims | undefined;
  /** The ID token itself, for the server's own logout; holds what `claims` says, signed. */
  readonly idToken: string | undefined;
}

/** Who signed in, as the authorization server says it. */
export interface IdTokenClaims {
  readonly iss: string;
  /** The user, never given to another at this issuer. */
  readonly sub: string;
  readonly [claim: string]: unknown;
}
