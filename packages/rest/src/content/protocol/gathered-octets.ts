/** Octets that come in pieces, until they are whole. They are copied: a piece may be cut out of far more memory. */
export class GatheredOctets {
  #octets = new Uint8Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  put(piece: Uint8Array): void {
    this.#reserve(this.#length + piece.length);
    this.#octets.set(piece, this.#length);
    this.#length += piece.length;
  }

  push(octet: number): void {
    this.#reserve(this.#length + 1);
    this.#octets[this.#length] = octet;
    this.#length += 1;
  }

  /** What is there, until the next is put. */
  slice(start = 0, end: number = this.#length): Uint8Array {
    return this.#octets.subarray(start, end);
  }

  /** Hands over what is there with its end, for good, and begins anew. An end that is all is not copied. */
  take(end?: Uint8Array): Uint8Array {
    if (end !== undefined && this.#length === 0) return end;
    if (end !== undefined) this.put(end);
    const taken = this.slice();
    this.#octets = new Uint8Array(0);
    this.#length = 0;
    return taken;
  }

  #reserve(length: number): void {
    if (length <= this.#octets.length) return;
    const larger = new Uint8Array(Math.max(length, 2 * this.#octets.length));
    larger.set(this.slice());
    this.#octets = larger;
  }
}
