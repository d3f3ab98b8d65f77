import { secretStore } from "@fairlead/access/memory";
import type { TokenOwner, TokenRecord } from "@fairlead/http/authentication";
import type { Store } from "@fairlead/store";
import { createHash, randomUUID, type webcrypto } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { makeProofKey, readProofKey, storedProofKey } from "./proof-key.ts";
import type { TokenKeeper } from "./token-keeper.ts";
import { TokenRecords } from "./token-records.ts";
import type { TokenSet } from "./token-set.ts";

/** Whose tokens are kept, and how. */
export interface TokenKeeperOptions extends TokenOwner {
  /** Whether tokens are to be bound to a key, those that are there by theirs; otherwise such are as good as none. */
  readonly bindsTokens: boolean;
  /** Milliseconds that one renewal takes at the most: after that its turn is another's. */
  readonly turnMilliseconds: number;
  /** Keeps them in a store that is not encrypted, too; false by default. */
  readonly inTheClear?: boolean;
  /** Milliseconds since the epoch; `Date.now` by default. */
  readonly now?: () => number;
}

/** How often it is looked whether another is done. */
const LOOK_MILLISECONDS = 100;
/** How long what another process has written may take to be seen here. */
const SIGHT_MILLISECONDS = 1_000;

/**
 * Opens what keeps the tokens of one client, in a store that is encrypted, or in memory.
 *
 * @param store of the manager; stays its owner's.
 */
export async function openTokenKeeper(store: Store, options: TokenKeeperOptions): Promise<TokenKeeper> {
  const { issuer, clientId, account, inTheClear = false } = options;
  const secret = await secretStore(store, { what: "tokens of OAuth", inTheClear });
  const records = new TokenRecords(secret, { issuer, clientId, account }, options.bindsTokens);
  return new StoredTokenKeeper(records, options, options.bindsTokens ? await makeProofKey() : undefined);
}

class StoredTokenKeeper implements TokenKeeper {
  readonly records: TokenRecords;
  readonly #options: TokenKeeperOptions;
  readonly #now: () => number;
  /** For tokens that are to come. */
  readonly #ownKey: webcrypto.CryptoKeyPair | undefined;
  #readKey: { readonly record: TokenRecord; readonly pair: webcrypto.CryptoKeyPair | undefined } | undefined;

  constructor(records: TokenRecords, options: TokenKeeperOptions, ownKey: webcrypto.CryptoKeyPair | undefined) {
    this.records = records;
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#ownKey = ownKey;
  }

  current(): TokenSet | undefined {
    return this.records.current?.tokens;
  }

  get keptAt(): number | undefined {
    return this.records.current?.keptAt;
  }

  get identity(): string {
    const { issuer, clientId, account } = this.#options;
    const name = hashOf([issuer, clientId, account, this.records.current?.login ?? ""]);
    return `oauth ${new URL(issuer).host} ${name}`;
  }

  get proofKey(): webcrypto.CryptoKeyPair | undefined {
    const record = this.records.current;
    if (record?.proofKey === undefined) return this.#ownKey;
    if (this.#readKey?.record !== record) this.#readKey = { record, pair: readProofKey(record.proofKey) };
    return this.#readKey.pair;
  }

  async keep(tokens: TokenSet): Promise<void> {
    this.write(tokens, loginOf(tokens, this.records.current));
    await this.records.flush();
  }

  async forget(): Promise<void> {
    this.records.delete();
    await this.records.flush();
  }

  async renew(
    outdated: TokenSet | undefined,
    by: (latest: TokenSet | undefined, turn: TokenKeeper) => Promise<TokenSet>,
  ): Promise<TokenSet> {
    const giveUpAt = this.#now() + this.#options.turnMilliseconds;
    for (;;) {
      const { current } = this.records;
      if (current !== undefined && current.tokens.accessToken !== outdated?.accessToken) return current.tokens;
      // Where there are none, there is nothing to take turns for.
      if (current === undefined) return this.#take(undefined, Number.POSITIVE_INFINITY, by);
      const taken = await this.records.takeTurn();
      if (taken !== undefined && taken.tokens.accessToken === outdated?.accessToken) {
        return this.#take(taken, this.#now() + this.#options.turnMilliseconds, by);
      }
      if (taken !== undefined) {
        // Others have renewed them, and that is only not seen here yet.
        this.records.write(taken);
        return taken.tokens;
      }
      // Whoever had the turn has ended with it.
      if (this.#now() >= giveUpAt) return this.#take(current, Number.NEGATIVE_INFINITY, by);
      await pause(LOOK_MILLISECONDS);
    }
  }

  /** @param login names who signed in. */
  write(tokens: TokenSet, login: string): void {
    const { issuer, clientId, account } = this.#options;
    const { proofKey } = this;
    const isBound = tokens.tokenType === "dpop" && proofKey !== undefined;
    this.records.write({
      ...{ issuer, clientId, account, login, tokens },
      keptAt: this.#now(),
      proofKey: isBound ? storedProofKey(proofKey) : undefined,
    });
  }

  async #take(
    latest: TokenRecord | undefined,
    sureUntil: number,
    by: (latest: TokenSet | undefined, turn: TokenKeeper) => Promise<TokenSet>,
  ): Promise<TokenSet> {
    const turn = new Turn(this, latest, () => this.#now() < sureUntil);
    try {
      return await by(latest?.tokens, turn);
    } finally {
      turn.end();
    }
  }
}

/** Whose turn it is to renew tokens. */
class Turn implements TokenKeeper {
  readonly #keeper: StoredTokenKeeper;
  readonly #latest: TokenRecord | undefined;
  /** Whether nobody else can have it: others take it from who has it for too long. */
  readonly #isSure: () => boolean;
  #isOver = false;

  constructor(keeper: StoredTokenKeeper, latest: TokenRecord | undefined, isSure: () => boolean) {
    this.#keeper = keeper;
    this.#latest = latest;
    this.#isSure = isSure;
  }

  current(): TokenSet | undefined {
    return this.#keeper.current();
  }

  get keptAt(): number | undefined {
    return this.#keeper.keptAt;
  }

  get identity(): string {
    return this.#keeper.identity;
  }

  get proofKey(): webcrypto.CryptoKeyPair | undefined {
    return this.#keeper.proofKey;
  }

  async keep(tokens: TokenSet): Promise<void> {
    if (!this.#isStill()) return;
    this.#isOver = true;
    this.#keeper.write(tokens, this.#latest?.login ?? loginOf(tokens, undefined));
    await this.#flush();
  }

  async forget(): Promise<void> {
    // Another may have renewed them, which is only not seen here yet.
    if (!this.#isSure()) await this.#sight();
    if (!this.#isStill() || this.#isReplaced()) return;
    this.#isOver = true;
    this.#keeper.records.delete();
    await this.#flush();
  }

  renew(): Promise<TokenSet> {
    return Promise.reject(new Error("a turn is for one renewal"));
  }

  /** Gives it to the next, where nothing came of it. */
  end(): void {
    const { records } = this.#keeper;
    const { current } = records;
    if (this.#isOver || this.#latest === undefined || current === undefined || !this.#isStill()) return;
    this.#isOver = true;
    // What was taken may be newer than what is seen here.
    records.write(this.#isSure() ? this.#latest : current);
  }

  /** Whether nobody has signed in or out meanwhile. */
  #isStill(): boolean {
    return this.#keeper.records.current?.login === this.#latest?.login;
  }

  async #sight(): Promise<void> {
    const until = Date.now() + SIGHT_MILLISECONDS;
    while (!this.#isReplaced() && Date.now() < until) await pause(LOOK_MILLISECONDS);
  }

  #isReplaced(): boolean {
    return this.#keeper.current()?.refreshToken !== this.#latest?.tokens.refreshToken;
  }

  /** The tokens are good, whether they could be written or not, which is tried again behind. */
  async #flush(): Promise<void> {
    try {
      await this.#keeper.records.flush();
    } catch {
      process.emitWarning("renewed tokens of OAuth are not written yet", {
        type: "FairleadStoreWarning",
        code: "write-failed",
      });
    }
  }
}

/** Names who signed in: the user where the server says who that is, else whoever has these tokens and their successors. */
function loginOf(tokens: TokenSet, before: TokenRecord | undefined): string {
  if (tokens.claims !== undefined) return hashOf([tokens.claims.iss, tokens.claims.sub]);
  const isSame = tokens.refreshToken !== undefined && before?.tokens.refreshToken === tokens.refreshToken;
  return isSame ? before.login : randomUUID();
}

function hashOf(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 16);
}
