/** Names in lower case and values in turn, one character an octet. */
export type FlatFields = readonly string[];

/**
 * Content on its way, pulled by whoever uses it: nothing is read ahead of `read` but what one buffer holds, so that a slow
 * reader slows the writer. It has one reader.
 */
export interface BodySource {
  /** Octets in all, where that is known before. */
  readonly length: number | undefined;
  /**
   * The next piece, never empty, and the reader's own; `undefined` at the end. One call at a time.
   *
   * Rejects with the reason when the rest does not come: of a request, ProtocolError REQUEST_BODY_TOO_LARGE or
   * REQUEST_MALFORMED, TimeoutError TIMED_OUT (phase `body`), TransportError CLIENT_GONE.
   */
  read(): Promise<Uint8Array | undefined>;
  /** What came behind the content; empty before its end. */
  readonly trailers: FlatFields;
  /** The rest is not wanted; what is read meanwhile is dropped. May be called again, and at the end. */
  cancel(reason?: unknown): void;
}
