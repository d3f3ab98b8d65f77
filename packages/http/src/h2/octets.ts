/** Octets that are put one after the other, in a buffer that grows. */
export class Octets {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Makes room for so many more octets, and returns the buffer: writing goes on at `length`. */
  reserve(count: number): Uint8Array {
    if (this.#length + count > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#length + count));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    return this.#bytes;
  }

  /** What was written into the reserved room belongs to it from now on. */
  advance(count: number): void {
    this.#length += count;
  }

  putOctet(octet: number): void {
    this.reserve(1)[this.#length] = octet;
    this.#length += 1;
  }

  putUint32(value: number): void {
    const bytes = this.reserve(4);
    bytes[this.#length] = value >>> 24;
    bytes[this.#length + 1] = value >>> 16;
    bytes[this.#length + 2] = value >>> 8;
    bytes[this.#length + 3] = value;
    this.#length += 4;
  }

  put(octets: Uint8Array): void {
    this.reserve(octets.length).set(octets, this.#length);
    this.#length += octets.length;
  }

  /** What is in it now, a view that the next writing may change. */
  view(start = 0): Uint8Array {
    return this.#bytes.subarray(start, this.#length);
  }

  /** Forgets what is in it from there on. */
  rewind(length = 0): void {
    this.#length = length;
  }

  /** Hands over what is in it, to whoever takes it for good, and begins anew. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(Math.max(1024, Math.min(this.#bytes.length, 16_384)));
    this.#length = 0;
    return taken;
  }
}
