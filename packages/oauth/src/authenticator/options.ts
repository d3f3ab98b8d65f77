import type { OAuthClient } from "../client/oauth-client.ts";
import type { TokenSet } from "../tokens/token-set.ts";

/** Where tokens go, and who gets them anew. */
export interface AuthenticatorOptions {
  /** Where the client says who it is, and nowhere else: `https://api.example`. */
  readonly origins: readonly (string | URL)[];
  /**
   * For whom the client speaks: a `user`, who signs in, by default; or for itself, as a `client` that gets its tokens by
   * `clientCredentials`.
   */
  readonly speaksFor?: "user" | "client";
  /**
   * Has the user sign in where nobody is, or no longer; once for all requests that wait. May be `login` itself. Without it,
   * and with `undefined`, they end with OAUTH_LOGIN_REQUIRED.
   */
  readonly onLogin?: OnLogin;
  /** Told by a service that the tokens allow too little. `true`, as after another `login`, sends the request once more. */
  readonly onInsufficientScope?: OnInsufficientScope;
  /** Milliseconds since the epoch; `Date.now` by default. */
  readonly now?: () => number;
  /** From 0 to 1; `Math.random` by default. */
  readonly random?: () => number;
}

/** Has somebody sign in. Its signal fires when nobody waits any more. */
export type OnLogin = (
  client: OAuthClient,
  options: { readonly signal: AbortSignal },
) => TokenSet | undefined | Promise<TokenSet | undefined>;

/** What a service wants that the tokens do not allow. */
export interface InsufficientScope {
  readonly url: URL;
  /** What it asks for; empty where it does not say. */
  readonly scope: readonly string[];
  /** What was granted. */
  readonly granted: readonly string[];
  /** `insufficient_scope`, or `insufficient_user_authentication` where the user is to sign in anew (RFC 9470). */
  readonly error: string;
  /** Fires when the request is given up. */
  readonly signal: AbortSignal | undefined;
}

/** Answers a service that wants more. */
export type OnInsufficientScope = (question: InsufficientScope) => boolean | Promise<boolean>;
