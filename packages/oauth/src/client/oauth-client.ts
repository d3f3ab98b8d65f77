import type { webcrypto } from "node:crypto";
import type { NetworkAccessManager } from "@fairlead/access";
import type { AuthorizationServer } from "oauth4webapi";
import type { TokenKeeper } from "../tokens/token-keeper.ts";
import type { OAuthClientOptions } from "./options.ts";

/** A client of one authorization server, which it has looked at. Made by `openOAuthClient`; holds nothing open. */
export interface OAuthClient {
  readonly options: OAuthClientOptions;
  /** What the server says of itself, checked to be its own. */
  readonly server: AuthorizationServer;
  readonly manager: NetworkAccessManager;
  /** Where its tokens are. */
  readonly tokens: TokenKeeper;
  /** What its tokens are bound to, for P-256, or are to be; `undefined` where they are bound to no key. RFC 9449. */
  readonly proofKey: webcrypto.CryptoKeyPair | undefined;
}
