/**
 * A body whose blocks come in any order, several times, or not: kept in one buffer of its announced size.
 *
 * @see RFC 9177 sections 4.3 and 4.4
 */
export class BlockCollection {
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
  readonly blockCount: number;
  readonly #has: Uint8Array;
  #count = 0;
  #highest = -1;

  /**
   * @param totalBytes of the body, whose limit the caller has looked at.
   * @param sizeBytes of a block.
   */
  constructor(totalBytes: number, sizeBytes: number) {
    this.bytes = new Uint8Array(totalBytes);
    this.sizeBytes = sizeBytes;
    this.blockCount = Math.max(1, Math.ceil(totalBytes / sizeBytes));
    this.#has = new Uint8Array(this.blockCount);
  }

  get isWhole(): boolean {
    return this.#count === this.blockCount;
  }

  /** Bytes that have come. */
  get receivedBytes(): number {
    return this.isWhole ? this.bytes.length : this.#count * this.sizeBytes;
  }

  /** The highest block that has come, -1 before the first. */
  get highest(): number {
    return this.#highest;
  }

  has(number: number): boolean {
    return this.#has[number] === 1;
  }

  /** Takes one block; `false` when it has not the length that it must have at its place, or is behind the end. */
  take(number: number, payload: Uint8Array): boolean {
    const offset = number * this.sizeBytes;
    if (number >= this.blockCount || payload.length !== Math.min(this.sizeBytes, this.bytes.length - offset))
      return false;
    if (this.has(number)) return true;
    this.bytes.set(payload, offset);
    this.#has[number] = 1;
    this.#count += 1;
    this.#highest = Math.max(this.#highest, number);
    return true;
  }

  /** Blocks that have not come, of those before `end`; as many as `limit`. */
  missing(end: number, limit = Number.POSITIVE_INFINITY): readonly number[] {
    const numbers: number[] = [];
    for (let number = 0; number < Math.min(end, this.blockCount) && numbers.length < limit; number += 1) {
      if (!this.has(number)) numbers.push(number);
    }
    return numbers;
  }
}
