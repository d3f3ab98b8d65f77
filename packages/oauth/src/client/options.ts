import type { webcrypto } from "node:crypto";
import type { NetworkAccessManager } from "@fairlead/access";
import type { AuthorizationServer } from "oauth4webapi";

/** Who asks for tokens, whom, and for what. */
export interface OAuthClientOptions {
  /** The authorization server's identifier, an https URL; on loopback http, too. Where its metadata is found. RFC 8414. */
  readonly issuer: string | URL;
  /** Its metadata, where it publishes none. `issuer` is among them. */
  readonly server?: AuthorizationServer;
  readonly clientId: string;
  /** How the client proves who it is; `none` by default, as of an application that people install. */
  readonly authentication?: ClientAuthentication;
  /** What is asked for; `openid` among it for an ID token. */
  readonly scope?: readonly string[];
  /** Whose tokens they are to be, where the server has several. RFC 8707. */
  readonly resource?: string | URL;
  /** Which of the user's accounts, by any name: each has its own tokens. Empty by default. */
  readonly account?: string;
  /** What asks, and in whose store the tokens are. */
  readonly manager: NetworkAccessManager;
  /** Whether tokens are bound to a key of this client; by default where the server can. RFC 9449. */
  readonly dpop?: boolean;
  /** Milliseconds for one request to the server; 30,000 by default. */
  readonly timeout?: number;
  /** Seconds that the server's clock may differ from ours; 30 by default. */
  readonly clockToleranceSeconds?: number;
  readonly dangerous?: {
    /** Speaks to a server over http beyond loopback: whoever is on the way reads all tokens. */
    readonly allowPlainHttp?: boolean;
    /** Keeps tokens in a store that is not encrypted: whoever reads its file is the user. */
    readonly keepTokensInTheClear?: boolean;
  };
}

/** How a client proves to the authorization server who it is. */
export type ClientAuthentication =
  | { readonly type: "none" }
  | { readonly type: "secret-basic"; readonly secret: string }
  | { readonly type: "secret-post"; readonly secret: string }
  /** An assertion signed by a key that the server knows. RFC 7523. */
  | { readonly type: "private-key"; readonly key: webcrypto.CryptoKey; readonly keyId?: string }
  /** The manager's client certificate, to which tokens are bound, too. RFC 8705. */
  | { readonly type: "certificate" };
