/** Is told what comes, in order. May pause the reader; must not throw. */
export interface MessageSink {
  onText(text: string): void;
  /** @param octets the message; a part of what was fed where it came in one frame that is not masked. */
  onBinary(octets: Uint8Array): void;
  /**
   * A part of a compressed message.
   *
   * @param piece what to decompress next; a part of what was fed where it is not masked.
   * @param isEnd whether it is the message's last; then the four octets of RFC 7692 section 7.2.2 are to follow.
   */
  onDeflated(piece: Uint8Array, isText: boolean, isEnd: boolean): void;
  /** @param payload to be looked at during the call only. */
  onPing(payload: Uint8Array): void;
  /** @param payload to be looked at during the call only. */
  onPong(payload: Uint8Array): void;
  /** Nothing is told any more. The code is 1005 when the Close has none. */
  onClose(code: number, reason: string): void;
}
