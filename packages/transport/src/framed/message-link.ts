/**
 * Messages to and from one peer, in order and whole, as a data channel, a message port, a pair of GATT characteristics or
 * framed bytes carry them. One that is lost is noticed by what runs above; a link that has ended is not used again.
 */
export interface MessageLink {
  /** The other end as errors name it. */
  readonly peer: string;
  /** Bytes of the longest message; 20 at least. It may change while a link is used. */
  readonly maxMessageBytes: number;
  /**
   * Sends a message, which is not changed any more. Resolves when the next one can be sent.
   *
   * @throws TransportError, or what the carrier says, when the link has ended.
   */
  send(message: Uint8Array): Promise<void>;
  /** Has what comes handed to a listener, from now on and in place of the one before; nothing is lost before the first. */
  listen(listener: MessageLinkListener): void;
  /** Ends the link; a second call does nothing. */
  close(): void;
}

/** Hears a link. */
export interface MessageLinkListener {
  /** One message, owned by the listener. */
  message(bytes: Uint8Array): void;
  /** The link has ended, and says nothing more; `undefined` when that was proper. */
  ended(error: Error | undefined): void;
}
