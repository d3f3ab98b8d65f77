import { randomFillSync } from "node:crypto";

const KEYS_AT_ONCE = 64;

/** Keys that nobody can foresee, a few at a time. RFC 6455 section 10.3. */
export class MaskKeys {
  #pool: Buffer | undefined;
  #at = 0;

  /** The next key: four octets that are this frame's alone, and stay until the next call. */
  next(): Uint8Array {
    if (this.#pool === undefined || this.#at === this.#pool.length) {
      this.#pool = Buffer.allocUnsafe(4 * KEYS_AT_ONCE);
      randomFillSync(this.#pool);
      this.#at = 0;
    }
    this.#at += 4;
    return this.#pool.subarray(this.#at - 4, this.#at);
  }
}
