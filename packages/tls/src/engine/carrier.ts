/**
 * What is below a TLS socket, as its driver sees it: encrypted bytes in both directions, each of which can be told to
 * wait. Whoever makes one hands the stream below over to it.
 */
export interface Carrier {
  /** Whether the stream below takes bytes still. */
  readonly writable: boolean;
  /** A `write` said no, and `onDrain` was not called yet. */
  readonly needsDrain: boolean;
  /** Bytes that were written and are not out yet. */
  readonly unsentBytes: number;
  /** Has bytes delivered; it begins paused. */
  resume(): void;
  /** Has no more delivered, as soon as the stream below can stop. */
  pause(): void;
  /**
   * Takes bytes, which are its own from now on. False asks to wait for `onDrain`. `done` is called when all of them are
   * out, possibly at once, and not at all when they never will be: an error follows then.
   */
  write(bytes: Buffer, done?: () => void): boolean;
  /** Ends the direction to the peer after what was written. A second call does nothing. */
  end(): void;
  /**
   * Closes the stream below: at once, or when all is over in both directions, after what was written. The listener hears
   * no more.
   */
  close(when: "now" | "after-writes"): void;
}

/** Who hears what a carrier has to say. */
export interface CarrierListener {
  /** Bytes from the peer. They may be others' as soon as this returns. */
  onBytes(bytes: Uint8Array): void;
  /** The peer sends no more; may be told twice. */
  onEnd(): void;
  onDrain(): void;
  onError(error: Error): void;
  /** The stream below is closed, by an end that was heard, by its error or by its owner. */
  onClose(): void;
}
