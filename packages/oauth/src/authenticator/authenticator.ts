import type { AuthenticatedRequest, Refusal, RequestAuthenticator } from "@fairlead/access";
import { AuthenticationError, UsageError } from "@fairlead/core";
import type { OAuthClient } from "../client/oauth-client.ts";
import type { TokenSet } from "../tokens/token-set.ts";
import { CurrentTokens } from "./current-tokens.ts";
import type { AuthenticatorOptions } from "./options.ts";
import { makeProof } from "./proof.ts";
import { readNonce, readTokenRefusal } from "./protocol/token-refusal.ts";

/** For how long refusals are believed of an origin that has refused tokens which were just renewed: it is not the tokens. */
const FRUITLESS_MILLISECONDS = 60_000;

/**
 * Sends a client's tokens with each request to some origins. They are renewed ahead of time, and when a service refuses them,
 * once for all requests that wait; those are repeated. A 401 to renewed tokens is the response.
 *
 * It speaks for the application's own requests alone, not for those that are made on behalf of a site (`partition`). Tokens
 * that are bound to a key go with a proof (RFC 9449); those that are bound to a certificate by the manager's identity (RFC
 * 8705).
 *
 * @throws UsageError OPTION_INVALID for an origin that is none.
 *
 * @example
 * const client = await openOAuthClient({ manager, issuer: "https://login.example", clientId: "tool" });
 * manager.addAuthenticator(authenticator(client, { origins: ["https://api.example"], onLogin: login }));
 * await manager.request("https://api.example/items");
 */
export function authenticator(client: OAuthClient, options: AuthenticatorOptions): RequestAuthenticator {
  return new TokenAuthenticator(client, options);
}

/** What has happened to one request. */
interface Told {
  readonly hasRenewed: boolean;
  readonly hasNonce: boolean;
}

const NOTHING: Told = { hasRenewed: false, hasNonce: false };

class TokenAuthenticator implements RequestAuthenticator {
  readonly #client: OAuthClient;
  readonly #tokens: CurrentTokens;
  readonly #onInsufficientScope: AuthenticatorOptions["onInsufficientScope"];
  readonly #now: () => number;
  /** What each origin wants in proofs. RFC 9449 section 9. */
  readonly #nonces = new Map<string, string | undefined>();
  /** The addresses at which the client gets its tokens: whoever waits for those waits for nobody else. */
  readonly #endpoints: ReadonlySet<string>;
  readonly #told = new WeakMap<AuthenticatedRequest, Told>();
  /** Until when refusals of an origin are believed. */
  readonly #fruitless = new Map<string, number>();

  constructor(client: OAuthClient, options: AuthenticatorOptions) {
    this.#client = client;
    this.#tokens = new CurrentTokens(client, options);
    this.#onInsufficientScope = options.onInsufficientScope;
    this.#now = options.now ?? Date.now;
    for (const origin of options.origins) this.#nonces.set(originOf(origin), undefined);
    this.#endpoints = endpointsOf(client);
  }

  get identity(): string {
    return this.#client.tokens.identity;
  }

  covers({ origin, pathname }: URL): boolean {
    return this.#nonces.has(origin) && !this.#endpoints.has(origin + pathname);
  }

  authenticate(request: AuthenticatedRequest): readonly string[] | undefined | Promise<readonly string[]> {
    if (request.partition !== "") return undefined;
    const tokens = this.#tokens.find(request.signal);
    return tokens instanceof Promise
      ? tokens.then((found) => this.#fields(request, found))
      : this.#fields(request, tokens);
  }

  answered({ url: { origin } }: AuthenticatedRequest, { fields }: Pick<Refusal, "fields">): void {
    const nonce = readNonce(fields);
    if (nonce !== undefined) this.#nonces.set(origin, nonce);
  }

  refused(request: AuthenticatedRequest, { status, fields, sent }: Refusal): boolean | Promise<boolean> {
    const told = this.#told.get(request) ?? NOTHING;
    const refusal = readTokenRefusal(status, fields);
    switch (refusal.type) {
      case "other":
        return false;
      case "nonce":
        this.#told.set(request, { ...told, hasNonce: true });
        return !told.hasNonce && readNonce(fields) !== undefined;
      case "scope":
        return this.#askForScope(request, refusal);
      case "token": {
        if (told.hasRenewed) {
          this.#fruitless.set(request.url.origin, this.#now() + FRUITLESS_MILLISECONDS);
          return false;
        }
        this.#told.set(request, { ...told, hasRenewed: true });
        return this.#replace(request, sent);
      }
    }
  }

  /** Whether there are other tokens now than those that were sent. */
  async #replace({ url, signal }: AuthenticatedRequest, sent: readonly string[]): Promise<boolean> {
    const current = this.#client.tokens.current();
    const isSent = current !== undefined && sent.includes(fieldValue(current));
    if (!isSent) return current !== undefined || this.#tokens.canReplace(NO_TOKENS);
    if (this.#now() < (this.#fruitless.get(url.origin) ?? Number.NEGATIVE_INFINITY)) return false;
    if (!this.#tokens.canReplace(current)) return false;
    await this.#tokens.renew(current, signal);
    return true;
  }

  async #askForScope(
    { url, signal }: AuthenticatedRequest,
    { scope, error }: { readonly scope: readonly string[]; readonly error: string },
  ): Promise<boolean> {
    const granted = this.#client.tokens.current()?.scope ?? [];
    return (await this.#onInsufficientScope?.({ url, scope, granted, error, signal })) === true;
  }

  #fields({ method, url }: AuthenticatedRequest, tokens: TokenSet): readonly string[] {
    if (tokens.tokenType === "bearer") return ["authorization", fieldValue(tokens)];
    const { proofKey } = this.#client;
    if (proofKey === undefined) {
      const peer = new URL(this.#client.options.issuer).host;
      throw new AuthenticationError("OAUTH_LOGIN_REQUIRED", { peer, detail: "the key of its tokens is lost" });
    }
    const terms = {
      method,
      url,
      accessToken: tokens.accessToken,
      nonce: this.#nonces.get(url.origin),
      now: this.#now(),
    };
    return ["authorization", fieldValue(tokens), "dpop", makeProof(proofKey, terms)];
  }
}

/** Tokens that nobody can renew. */
const NO_TOKENS: TokenSet = {
  accessToken: "",
  tokenType: "bearer",
  expiresAt: undefined,
  refreshToken: undefined,
  scope: [],
  claims: undefined,
  idToken: undefined,
};

function fieldValue({ tokenType, accessToken }: TokenSet): string {
  return `${tokenType === "dpop" ? "DPoP" : "Bearer"} ${accessToken}`;
}

/** @throws UsageError OPTION_INVALID */
function originOf(origin: string | URL): string {
  const url = URL.parse(String(origin));
  const isOrigin = url !== null && url.origin !== "null" && url.href === `${url.origin}/`;
  if (isOrigin && /^https?:$/.test(url.protocol)) return url.origin;
  throw new UsageError("OPTION_INVALID", {
    operation: "open authenticator",
    detail: "origins",
    remedy: 'name scheme, host and port alone: "https://api.example"',
  });
}

/** Where the client speaks with the authorization server itself. */
function endpointsOf({ server }: OAuthClient): ReadonlySet<string> {
  const addresses = [server, server.mtls_endpoint_aliases ?? {}].flatMap((metadata) =>
    Object.entries(metadata).filter(([name]) => name.endsWith("_endpoint") && name !== "userinfo_endpoint"),
  );
  return new Set(
    addresses.flatMap(([, address]) => {
      const url = typeof address === "string" ? URL.parse(address) : null;
      return url === null ? [] : [url.origin + url.pathname];
    }),
  );
}
