import type { UserCredentials } from "./basic.ts";

/** Whom a conversation authenticates the user to. */
export interface AuthenticatedService {
  /** The host name of the origin or the proxy, without port. */
  readonly host: string;
  /**
   * The `tls-server-end-point` bytes of the TLS connection: both sides get the same, and whoever stands between them gets
   * others. `undefined` in the clear. RFC 5929 section 4.
   */
  readonly channelBinding?: Uint8Array | undefined;
}

/**
 * A scheme that authenticates by a conversation on one connection, which belongs to the user afterwards.
 *
 * @see RFC 4559 section 5
 */
export interface ConnectionBoundScheme {
  readonly name: "Negotiate" | "NTLM";
  /** Whether it finds the user's credentials itself, such as a Kerberos ticket: nobody has to be asked first. */
  readonly hasOwnCredentials: boolean;
  /** Why it cannot be used on this machine; `undefined` where it can. The next scheme is taken then. */
  unavailable(): Error | undefined;
  /**
   * Begins a conversation, without I/O. Whoever opens it closes it.
   *
   * @param credentials `undefined` for those that the scheme finds itself.
   */
  open(credentials: UserCredentials | undefined, service: AuthenticatedService): SchemeConversation;
}

/** One conversation; it belongs to one connection and cannot begin anew. */
export interface SchemeConversation {
  /**
   * Gives the next token to send, from the one that the server sent: first from none. A token that comes with the response
   * that ends the conversation is handed over, too: it proves the server, and `token` is empty then. Called again only
   * after the last call has settled.
   *
   * @throws AuthenticationError, or what `close` was called with. Before the first token another scheme can be tried; after
   * it the connection is of no use.
   */
  next(fromServer: Uint8Array | undefined): Promise<SchemeStep>;
  /** Ends it, and frees what it holds; what waits rejects with `reason`. A second call does nothing. */
  close(reason?: unknown): void;
}

/** What a conversation came to. */
export interface SchemeStep {
  /** To be sent in base64; empty where nothing is left to say. */
  readonly token: Uint8Array;
  /** Whether this side needs nothing more from the server: with Negotiate, that the server has proven itself. */
  readonly done: boolean;
}
