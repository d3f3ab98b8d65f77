/**
 * A scheme that authenticates a connection instead of a request, in several legs: NTLM, Negotiate. A value that holds no
 * state of its own; each handshake is a conversation.
 *
 * @see RFC 4559
 */
export interface ConnectionBoundScheme {
  /** As it stands in the fields. */
  readonly name: "NTLM" | "Negotiate";
  /** What it can prove who the client is by. */
  readonly takes: readonly SchemeCredentials["type"][];
  /**
   * Begins the handshake of one connection.
   *
   * @throws (here or in the conversation) where it cannot begin: a library or a ticket is missing. Nothing was sent then,
   * and the next scheme that the server offers takes its place.
   */
  open(credentials: SchemeCredentials, peer: SchemePeer): SchemeConversation;
}

/** What a scheme proves who the client is by. */
export type SchemeCredentials =
  | {
      readonly type: "password";
      /** As the user typed it: `user`, `DOMAIN\user` or `user@REALM`. */
      readonly username: string;
      /** Never logged. */
      readonly password: string;
    }
  /** What the user of this process has signed in to the system with, such as a Kerberos ticket. */
  | { readonly type: "system" };

/** Who asks, and the connection it asks on. */
export interface SchemePeer {
  readonly role: "origin" | "proxy";
  /** A-labels or an IP literal without brackets; for a proxy its own. The service is `HTTP@host`, for both. */
  readonly host: string;
  readonly port: number;
  /** `tls-server-end-point` of the connection to it (RFC 5929 section 4); `undefined` without TLS. */
  readonly channelBinding: Uint8Array | undefined;
}

/** The handshake of one connection, as its initiator sees it. */
export interface SchemeConversation {
  /**
   * Takes the peer's token and gives the next one to send.
   *
   * Called again, once, after the last leg when the peer accepts and sends a token with that: there the peer proves who it
   * is. What is returned then is not sent.
   *
   * @param tokenFromServer `undefined` on the first leg. Bytes of the peer: whatever they are, it returns or rejects.
   * @returns `done` when this side has said all it has to say.
   * @throws where the peer's token is not acceptable; the request fails with that error, which holds no secret.
   */
  next(tokenFromServer: Uint8Array | undefined): Promise<{ readonly token: Uint8Array; readonly done: boolean }>;
  /** Frees what it holds. Called once, whatever happened. */
  close(): void;
}
