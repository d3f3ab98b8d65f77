import { AuthenticationError, UsageError } from "@fairlead/core";
import { converse, withNonce, type Conversation } from "../client/conversation.ts";
import type { OAuthClient } from "../client/oauth-client.ts";
import type { TokenSet } from "../tokens/token-set.ts";
import type { FlowOptions } from "./flow-options.ts";
import { readTokens } from "./token-answer.ts";

/** How somebody is to sign in. OpenID Connect Core section 3.1.2.1 */
export interface LoginTerms {
  /** What the server shows even where it need not: `login`, `consent`, `select_account`; `none` for nothing at all. */
  readonly prompt?: string;
  /** Who is about to sign in, as far as that is known: an address of electronic mail, a name. */
  readonly loginHint?: string;
  /** Ways of authentication that are wanted, the best first. */
  readonly acrValues?: readonly string[];
  /** Seconds since the user was last asked for a password, at the most. */
  readonly maxAge?: number;
}

/** What a login begins with. */
export interface BeginLoginOptions extends FlowOptions, LoginTerms {
  /** Where the browser brings the answer, as it is registered. */
  readonly redirectUri: string | URL;
}

/** A login that waits for its answer. */
export interface PendingLogin {
  /** What the user's browser is to open. */
  readonly url: URL;
  /** What its answer has as `state`. */
  readonly state: string;
  /**
   * Gets tokens for the answer that the browser has brought, and keeps them. Once: what has been answered is over.
   *
   * @throws AuthenticationError OAUTH_STATE_MISMATCH, OAUTH_ISSUER_MISMATCH, OAUTH_ID_TOKEN_INVALID, OAUTH_RESPONSE_INVALID;
   * OAuthError OAUTH_REFUSED; what `request` throws; or the signal's reason.
   */
  readonly finish: (answer: URL | URLSearchParams, options?: FlowOptions) => Promise<TokenSet>;
}

/**
 * Begins a login whose answer comes to a place of the application's own: a route of its server, a scheme that it is
 * registered for. Programs that people start take `login`, which is all of it.
 *
 * @throws AuthenticationError OAUTH_CAPABILITY_MISSING, OAUTH_RESPONSE_INVALID; OAuthError OAUTH_REFUSED of a pushed request;
 * what `request` throws; or the signal's reason.
 * @see RFC 6749 section 4.1, RFC 7636, RFC 9126
 *
 * @example
 * const { url, state, finish } = await beginLogin(client, { redirectUri: "https://app.example/signed-in" });
 * // ... the browser is sent to `url` and comes back with this `state`:
 * const { claims } = await finish(new URL(request.url));
 */
export async function beginLogin(client: OAuthClient, options: BeginLoginOptions): Promise<PendingLogin> {
  const { signal, redirectUri } = options;
  return converse(client, { operation: "begin login", signal }, async (conversation) => {
    const { library } = conversation;
    requireAuthorizationByCode(conversation);
    const secrets: LoginSecrets = {
      redirectUri: String(redirectUri),
      state: library.generateRandomState(),
      nonce: client.options.scope?.includes("openid") === true ? library.generateRandomNonce() : undefined,
      verifier: library.generateRandomCodeVerifier(),
      maxAge: options.maxAge,
    };
    const parameters = await authorizationParameters(client, options, secrets, conversation);
    const url = await authorizationUrl(conversation, parameters);
    let isOver = false;
    return {
      url,
      state: secrets.state,
      finish: async (answer, { signal: finishSignal } = {}) => {
        const tokens = await converse(client, { operation: "sign in", signal: finishSignal }, (ending) => {
          if (isOver) throw answeredBefore(ending);
          const given = answer instanceof URL ? answer.searchParams : answer;
          // An answer of another state ends nothing: anybody can send one.
          if (given.get("state") === secrets.state) isOver = true;
          return exchangeCode(client, ending, given, secrets);
        });
        await client.tokens.keep(tokens);
        return tokens;
      },
    };
  });
}

/** What a login is known by, none of which the browser learns but the state and the nonce. */
interface LoginSecrets {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string | undefined;
  readonly verifier: string;
  readonly maxAge: number | undefined;
}

/** @throws AuthenticationError OAUTH_CAPABILITY_MISSING */
function requireAuthorizationByCode({ server, question: { peer, operation } }: Conversation): void {
  // Servers from before the extension say nothing of it, and most of them have it. RFC 8414 section 2
  const missing =
    server.authorization_endpoint === undefined
      ? "an authorization endpoint"
      : server.code_challenge_methods_supported?.includes("S256") === false
        ? "PKCE by S256"
        : undefined;
  if (missing === undefined) return;
  throw new AuthenticationError("OAUTH_CAPABILITY_MISSING", { peer, operation, detail: missing });
}

async function authorizationParameters(
  { options }: OAuthClient,
  { prompt, loginHint, acrValues, maxAge }: LoginTerms,
  { redirectUri, state, nonce, verifier }: LoginSecrets,
  { library, proof }: Conversation,
): Promise<URLSearchParams> {
  if (maxAge !== undefined && !(Number.isSafeInteger(maxAge) && maxAge >= 0)) {
    throw new UsageError("OPTION_INVALID", { operation: "begin login", detail: "maxAge is no number of seconds" });
  }
  const { clientId, scope = [], resource } = options;
  const said: Readonly<Record<string, string | undefined>> = {
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: scope.length === 0 ? undefined : scope.join(" "),
    state,
    nonce,
    code_challenge: await library.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    resource: resource === undefined ? undefined : String(resource),
    prompt,
    login_hint: loginHint,
    acr_values: acrValues?.join(" "),
    max_age: maxAge === undefined ? undefined : String(maxAge),
    // The code is worth nothing to who has not the key. RFC 9449 section 10
    dpop_jkt: await proof?.calculateThumbprint(),
  };
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(said)) if (value !== undefined) parameters.set(name, value);
  return parameters;
}

/** Where the browser goes: with all parameters, or with the name of those that the server was told before. RFC 9126 */
async function authorizationUrl(conversation: Conversation, parameters: URLSearchParams): Promise<URL> {
  const { library, server, client, authentication, options, proof } = conversation;
  // Checked: it is there, and a URL.
  const url = new URL(server.authorization_endpoint ?? "");
  if (server.pushed_authorization_request_endpoint === undefined) {
    for (const [name, value] of parameters) url.searchParams.set(name, value);
    return url;
  }
  const pushed = await withNonce(conversation, async () => {
    const response = await library.pushedAuthorizationRequest(server, client, authentication, parameters, {
      ...options,
      ...(proof === undefined ? {} : { DPoP: proof }),
    });
    return library.processPushedAuthorizationResponse(server, client, response);
  });
  url.searchParams.set("client_id", client.client_id);
  url.searchParams.set("request_uri", pushed.request_uri);
  return url;
}

/** @throws what the library makes of an answer that is not ours, and of tokens that are not. */
async function exchangeCode(
  { options: { scope = [], dpop, resource } }: OAuthClient,
  conversation: Conversation,
  answer: URLSearchParams,
  { redirectUri, state, nonce, verifier, maxAge }: LoginSecrets,
): Promise<TokenSet> {
  const { library, server, client, authentication, options, proof } = conversation;
  const code = library.validateAuthResponse(server, client, answer, state);
  return withNonce(conversation, async () => {
    const terms = {
      ...options,
      ...(proof === undefined ? {} : { DPoP: proof }),
      ...(resource === undefined ? {} : { additionalParameters: { resource: String(resource) } }),
    };
    const response = await library.authorizationCodeGrantRequest(
      ...([server, client, authentication, code, redirectUri, verifier, terms] as const),
    );
    const body = await library.processAuthorizationCodeResponse(server, client, response, {
      ...(nonce === undefined ? {} : { expectedNonce: nonce, requireIdToken: true }),
      ...(maxAge === undefined ? {} : { maxAge }),
    });
    return readTokens(conversation, { response, body }, { scope, dpop });
  });
}

function answeredBefore({ question: { peer, operation } }: Conversation): AuthenticationError {
  return new AuthenticationError("OAUTH_STATE_MISMATCH", { peer, operation, detail: "it was answered before" });
}
