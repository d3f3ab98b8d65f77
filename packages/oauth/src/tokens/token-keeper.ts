import type { webcrypto } from "node:crypto";
import type { TokenSet } from "./token-set.ts";

/**
 * Keeps the tokens of one client, for one account of one authorization server. Each change is seen by all who have the same
 * store.
 */
export interface TokenKeeper {
  /** The latest; `undefined` when nobody is signed in. Read without waiting. */
  current(): TokenSet | undefined;
  /** When they were kept, in milliseconds since the epoch; `undefined` where there are none. */
  readonly keptAt: number | undefined;
  /** Names whose tokens they are, anew for whoever signs in; holds no secret. */
  readonly identity: string;
  /** What they are bound to, or what the next ones are to be, for P-256; `undefined` where that is no key. RFC 9449. */
  readonly proofKey: webcrypto.CryptoKeyPair | undefined;
  /** Has these in place of what there was. @returns once it is durable. */
  keep(tokens: TokenSet): Promise<void>;
  /** Forgets them. @returns once that is durable. */
  forget(): Promise<void>;
  /**
   * Has tokens renewed once for all who have the same store: one is given its turn, and everybody else what comes of it.
   *
   * @param outdated what is to be renewed; whatever is there in its place is the answer.
   * @param by renews the latest, `undefined` where there are none any more, and keeps what it gets in `turn`: what somebody
   * has signed in or out meanwhile stays so.
   */
  renew(
    outdated: TokenSet | undefined,
    by: (latest: TokenSet | undefined, turn: TokenKeeper) => Promise<TokenSet>,
  ): Promise<TokenSet>;
}
