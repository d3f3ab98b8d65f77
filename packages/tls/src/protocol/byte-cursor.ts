/**
 * Reads numbers and vectors of TLS's presentation language off the front of some bytes, never past their end.
 *
 * @see RFC 8446 section 3
 */
export class ByteCursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** @throws RangeError when there are fewer bytes. */
  number(lengthBytes: number): number {
    return this.bytes(lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  /**
   * The contents of a vector whose length is written before it in so many bytes.
   *
   * @throws RangeError when there are fewer bytes.
   */
  vector(lengthBytes: number): ByteCursor {
    return new ByteCursor(this.bytes(this.number(lengthBytes)));
  }

  /**
   * All that is left, as numbers of so many bytes each.
   *
   * @throws RangeError when they do not fill it.
   */
  numbers(lengthBytes: number): readonly number[] {
    const found: number[] = [];
    while (!this.isAtEnd) found.push(this.number(lengthBytes));
    return found;
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#at);
  }

  /**
   * A view of the next bytes.
   *
   * @throws RangeError when there are fewer.
   */
  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError("fewer bytes than a length says");
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}
