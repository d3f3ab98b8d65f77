import type { AuthenticationScheme } from "@fairlead/http/authentication";

/** One try of a request to say who the client is, as its transaction tells it: without any secret. */
export interface AuthenticationTry {
  readonly role: "origin" | "proxy";
  readonly scheme: AuthenticationScheme | (string & {});
  /** Empty where nobody asked. */
  readonly realm: string;
  /** Who a `RequestAuthenticator` spoke as; not there for anybody else. */
  readonly identity?: string;
  /** Whether it was sent before anybody asked. */
  readonly anticipated: boolean;
  /**
   * `stale`: only the nonce was too old. `continued`: one leg of several. `lost`: the connection was, and the conversation
   * began anew on another. `pending` until there is a response.
   */
  outcome: "pending" | "accepted" | "refused" | "stale" | "continued" | "lost";
}

/** What a request is sent with. */
export interface Attempt {
  /** A value of `Authorization` or `Proxy-Authorization`; `undefined` where the connection says who the client is. */
  readonly field: string | undefined;
  /** Names user and scheme where the connection is authenticated, and not the request; holds no secret. */
  readonly authenticatedAs: string | undefined;
  /** Which leg of a handshake it is, from 1: all go on one connection. 0 where there is none. */
  readonly leg: number;
  /** Whether nobody will act on it yet, so that the body would go for nothing. */
  readonly isBodyless: boolean;
  /** Whether it goes on a connection that nobody has used: one that NTLM has authenticated cannot be anew. */
  readonly needsUnused?: boolean;
}

/** What is left to check of a response before its peer is believed. */
export interface ResponseCheck {
  readonly hash: "MD5" | "SHA-256" | "SHA-512-256";
  /** @throws AuthenticationError SERVER_NOT_AUTHENTICATED, from the hash of the response's whole content. */
  verify(contentHash: string): void;
}
