import { AuthenticationError, isCodedError } from "@fairlead/core";
import type { OAuthClient } from "../client/oauth-client.ts";
import { clientCredentials } from "../flows/client-credentials.ts";
import { refresh } from "../flows/refresh.ts";
import type { TokenSet } from "../tokens/token-set.ts";
import type { AuthenticatorOptions } from "./options.ts";
import { tokenState } from "./protocol/renewal-time.ts";
import { SharedLogin } from "./shared-login.ts";

/** After a renewal that failed ahead of time, the next is not tried before that. */
const PAUSE_MILLISECONDS = 10_000;

/** The tokens of one client, which are renewed in time, and once for all who wait. */
export class CurrentTokens {
  readonly #client: OAuthClient;
  readonly #speaksFor: "user" | "client";
  readonly #login: SharedLogin<TokenSet>;
  readonly #canLogIn: boolean;
  readonly #now: () => number;
  readonly #random: () => number;
  #renewal: Promise<TokenSet> | undefined;
  /** Drawn for each set of tokens. */
  #chance: { readonly accessToken: string; readonly value: number } | undefined;
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(client: OAuthClient, options: AuthenticatorOptions) {
    const { speaksFor = "user", onLogin, now = Date.now, random = Math.random } = options;
    this.#client = client;
    this.#speaksFor = speaksFor;
    this.#canLogIn = onLogin !== undefined;
    this.#now = now;
    this.#random = random;
    this.#login = new SharedLogin(async (signal) => {
      const tokens = await onLogin?.(client, { signal });
      if (tokens === undefined) throw loginRequired(client);
      // Who signs in by other means than our flows has kept them nowhere.
      if (client.tokens.current()?.accessToken !== tokens.accessToken) await client.tokens.keep(tokens);
      return tokens;
    });
  }

  /**
   * What to send now: without waiting, but where there is nothing, or nothing good.
   *
   * @throws AuthenticationError OAUTH_LOGIN_REQUIRED; what a renewal, or who is asked to sign in, throws.
   */
  find(signal: AbortSignal | undefined): TokenSet | Promise<TokenSet> {
    const tokens = this.#client.tokens.current();
    if (tokens === undefined) return this.#speaksFor === "client" ? this.#renewOnce(undefined) : this.#signIn(signal);
    switch (this.#stateOf(tokens)) {
      case "good":
        return tokens;
      case "ageing":
        this.#renewAhead(tokens);
        return tokens;
      case "expired":
        return this.#canRenew(tokens) ? this.renew(tokens, signal) : this.#signIn(signal);
    }
  }

  /** Whether there are others to be had in place of these. */
  canReplace(tokens: TokenSet): boolean {
    return this.#canRenew(tokens) || this.#canLogIn;
  }

  /** Gets others in place of tokens that are not good any more; those that took their place already, where there are. */
  async renew(tokens: TokenSet, signal: AbortSignal | undefined): Promise<TokenSet> {
    const current = this.#client.tokens.current();
    if (current !== undefined && current.accessToken !== tokens.accessToken) return current;
    if (!this.#canRenew(tokens)) return this.#signIn(signal);
    try {
      return await this.#renewOnce(tokens);
    } catch (error) {
      if (isCodedError(error) && error.code === "OAUTH_LOGIN_REQUIRED" && this.#canLogIn) return this.#signIn(signal);
      throw error;
    }
  }

  /** Nobody waits for it; where it fails, the tokens are good for a while yet. */
  #renewAhead(tokens: TokenSet): void {
    if (!this.#canRenew(tokens) || this.#now() < this.#notBefore) return;
    this.#renewOnce(tokens).catch(() => {
      this.#notBefore = this.#now() + PAUSE_MILLISECONDS;
    });
  }

  /** It is nobody's to end: what the server has given in place of a refresh token must not be lost. */
  #renewOnce(outdated: TokenSet | undefined): Promise<TokenSet> {
    this.#renewal ??= this.#renewInTurn(outdated).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renewInTurn(outdated: TokenSet | undefined): Promise<TokenSet> {
    const client = this.#client;
    return client.tokens.renew(outdated, async (latest, turn) => {
      // What is kept by it is kept in its turn.
      const inTurn: OAuthClient = { ...client, tokens: turn };
      if (this.#speaksFor === "client" && latest?.refreshToken === undefined) return clientCredentials(inTurn);
      if (latest === undefined) throw loginRequired(client);
      try {
        return await refresh(inTurn, latest);
      } catch (error) {
        // Who was thought to have ended with its turn may have renewed them all the same.
        const renewed = turn.current();
        if (renewed !== undefined && renewed.refreshToken !== latest.refreshToken) return renewed;
        throw error;
      }
    });
  }

  #signIn(signal: AbortSignal | undefined): Promise<TokenSet> {
    return this.#canLogIn ? this.#login.wait(signal) : Promise.reject(loginRequired(this.#client));
  }

  #canRenew({ refreshToken }: TokenSet): boolean {
    return refreshToken !== undefined || this.#speaksFor === "client";
  }

  #stateOf({ accessToken, expiresAt }: TokenSet): ReturnType<typeof tokenState> {
    if (this.#chance?.accessToken !== accessToken) this.#chance = { accessToken, value: this.#random() };
    const now = this.#now();
    return tokenState({ keptAt: this.#client.tokens.keptAt ?? now, expiresAt }, now, this.#chance.value);
  }
}

function loginRequired({ options }: OAuthClient): AuthenticationError {
  return new AuthenticationError("OAUTH_LOGIN_REQUIRED", {
    peer: new URL(options.issuer).host,
    operation: "authenticate",
  });
}
