import { AuthenticationError } from "@fairlead/core";
import { askForCredentials, endpointUrl } from "./ask-for-credentials.ts";
import { isSame } from "./signature.ts";
import type { OAuth1Service } from "./service.ts";

/** Credentials that are good for one thing: to ask the user, and then for a token. */
export interface TemporaryCredentials {
  readonly token: string;
  /** Secret. */
  readonly tokenSecret: string;
}

/** A token on behalf of a user, who may take it back; it does not expire by itself as a rule. */
export interface OAuth1Token {
  readonly token: string;
  /** Secret. */
  readonly tokenSecret: string;
  /** What the service said beside, such as the user's name. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The first leg's terms. */
export interface RequestTokenOptions {
  /** Where the user's browser comes back to; `oob` by default, where a number is shown that the user types in. */
  readonly callback?: string | URL;
  readonly signal?: AbortSignal;
}

/**
 * First leg: asks for temporary credentials. A service that does not say that it has understood the callback is from before
 * the session fixation attack was known, and is refused.
 *
 * @throws UsageError OPTION_INVALID; AuthenticationError OAUTH_REFUSED, OAUTH_UNAVAILABLE, OAUTH_RESPONSE_INVALID; what
 * `request` throws; or the signal's reason.
 * @see RFC 5849 section 2.1
 * @example
 * const temporary = await requestToken(service);
 * console.log(`open ${authorizationUrl(service, temporary).href} and type in the number`);
 * const { token, tokenSecret } = await accessToken(service, temporary, await ask());
 */
export async function requestToken(
  service: OAuth1Service,
  { callback = "oob", signal }: RequestTokenOptions = {},
): Promise<TemporaryCredentials> {
  const operation = "ask for temporary credentials";
  const { token, tokenSecret, parameters } = await askForCredentials(service, {
    operation,
    endpoint: service.requestTokenUrl,
    callback: String(callback),
    signal,
  });
  if (parameters.get("oauth_callback_confirmed") === "true") return { token, tokenSecret };
  const { host: peer } = new URL(service.requestTokenUrl);
  throw new AuthenticationError("OAUTH_RESPONSE_INVALID", { peer, operation, detail: "the callback is not confirmed" });
}

/**
 * Second leg: the address at which the user is asked.
 *
 * @throws UsageError OPTION_INVALID
 * @see RFC 5849 section 2.2
 */
export function authorizationUrl(service: OAuth1Service, { token }: Pick<TemporaryCredentials, "token">): URL {
  const url = endpointUrl(service.authorizationUrl, service, "ask the user");
  url.searchParams.set("oauth_token", token);
  return url;
}

/**
 * Reads what the user's browser came back with.
 *
 * @returns the verifier.
 * @throws AuthenticationError OAUTH_STATE_MISMATCH where it belongs to another question; OAUTH_REFUSED where the user, or the
 * service, said no.
 * @see RFC 5849 section 2.2
 */
export function readCallback(
  { host: peer, searchParams }: URL,
  { token }: Pick<TemporaryCredentials, "token">,
): string {
  const facts = { peer, operation: "sign in" };
  const [tokens, verifiers] = [searchParams.getAll("oauth_token"), searchParams.getAll("oauth_verifier")];
  if (tokens.length === 1 && tokens[0] !== undefined && isSame(tokens[0], token)) {
    if (verifiers.length === 1 && verifiers[0] !== undefined && verifiers[0] !== "") return verifiers[0];
    throw new AuthenticationError("OAUTH_REFUSED", { ...facts, detail: "it has no verifier" });
  }
  // Nothing else is said of which question was refused.
  if (tokens.length === 0 && searchParams.has("denied", token)) throw new AuthenticationError("OAUTH_REFUSED", facts);
  throw new AuthenticationError("OAUTH_STATE_MISMATCH", facts);
}

/**
 * Third leg: has the temporary credentials changed for a token.
 *
 * @param verifier what came back with the user, or what the user typed in.
 * @throws UsageError OPTION_INVALID; AuthenticationError OAUTH_REFUSED, OAUTH_UNAVAILABLE, OAUTH_RESPONSE_INVALID; what
 * `request` throws; or the signal's reason.
 * @see RFC 5849 section 2.3
 */
export async function accessToken(
  service: OAuth1Service,
  temporary: TemporaryCredentials,
  verifier: string,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<OAuth1Token> {
  const { token, tokenSecret, parameters } = await askForCredentials(service, {
    operation: "ask for a token",
    endpoint: service.accessTokenUrl,
    temporary,
    verifier: verifier.trim(),
    signal,
  });
  return { token, tokenSecret, parameters: Object.fromEntries(parameters) };
}
