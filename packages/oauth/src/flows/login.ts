import { AuthenticationError, TimeoutError } from "@fairlead/core";
import { untilAborted } from "@fairlead/access";
import type { OAuthClient } from "../client/oauth-client.ts";
import type { TokenSet } from "../tokens/token-set.ts";
import { beginLogin, type LoginTerms } from "./begin-login.ts";
import type { FlowOptions } from "./flow-options.ts";
import { openLoopbackRedirect, type LoopbackAddress } from "./loopback-redirect.ts";
import { openBrowser } from "./open-browser.ts";

/** How somebody signs in by the browser on this machine. */
export interface LoginOptions extends FlowOptions, LoginTerms {
  /** Shows the page at this address to whoever signs in; the system's browser opens it by default. */
  readonly onAuthorizationUrl?: (url: URL) => void | Promise<void>;
  /** Where the browser brings the answer; `http://127.0.0.1:PORT/callback` by default. */
  readonly redirect?: LoopbackAddress;
  /** Milliseconds that somebody may take to sign in; 300,000 by default. */
  readonly timeout?: number;
}

const DEFAULT_TIMEOUT_MILLISECONDS = 300_000;

/**
 * Has somebody sign in by the browser on this machine, and keeps the tokens.
 *
 * @throws OAuthError OAUTH_REFUSED, by who signs in (`access_denied`) or by the server; AuthenticationError
 * OAUTH_ISSUER_MISMATCH, OAUTH_ID_TOKEN_INVALID, OAUTH_RESPONSE_INVALID, OAUTH_CAPABILITY_MISSING, OAUTH_STATE_MISMATCH where
 * nothing came but answers to other questions; TimeoutError; what `request` throws; or the signal's reason.
 * @see RFC 8252, RFC 6749 section 4.1, RFC 7636, OpenID Connect Core section 3.1
 *
 * @example
 * const { claims } = await login(client, { onAuthorizationUrl: (url) => console.log(`open ${url.href}`) });
 */
export async function login(client: OAuthClient, options: LoginOptions = {}): Promise<TokenSet> {
  const { signal, onAuthorizationUrl = openBrowser, timeout = DEFAULT_TIMEOUT_MILLISECONDS } = options;
  signal?.throwIfAborted();
  await using redirect = await openLoopbackRedirect(options.redirect);
  const tooLate = AbortSignal.timeout(timeout);
  const ended = signal === undefined ? tooLate : AbortSignal.any([signal, tooLate]);
  try {
    const { url, state, finish } = await beginLogin(client, { ...options, redirectUri: redirect.uri, signal: ended });
    const answered = redirect.answer(state, (answer) => finish(answer, { signal: ended }));
    const shown = showPage(url, onAuthorizationUrl);
    // Who shows it may take until it is closed again.
    return await untilAborted([ended], () => Promise.race([answered, shown.then(() => answered)]));
  } catch (error) {
    if (signal?.aborted === true || !tooLate.aborted || error !== tooLate.reason) throw error;
    const facts = { peer: new URL(client.options.issuer).host, operation: "sign in" };
    throw redirect.sawStrangers
      ? new AuthenticationError("OAUTH_STATE_MISMATCH", facts)
      : new TimeoutError("total", { ...facts, remedy: "sign in in time, or give a longer `timeout`" });
  }
}

/** Within a promise, whatever the application throws. */
async function showPage(url: URL, show: NonNullable<LoginOptions["onAuthorizationUrl"]>): Promise<void> {
  await show(url);
}
