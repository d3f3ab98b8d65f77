import type { WebSocketPlatform } from "./platform.ts";

/** What is set aside at once, however little has come. */
const FIRST_CAPACITY = 65_536;
/** What is set aside for what was announced, as a multiple of what has come: an announcement costs its sender nothing. */
const TRUST = 4;

/** The octets of one message, as they come. */
export class GrowingOctets {
  readonly #platform: WebSocketPlatform;
  #octets: Uint8Array | undefined;
  #length = 0;

  constructor(platform: WebSocketPlatform) {
    this.#platform = platform;
  }

  get length(): number {
    return this.#length;
  }

  /**
   * Puts a part of `from` behind what is there.
   *
   * @param announced octets that follow behind it, by the peer's word.
   * @returns where it was put: the buffer, in which it begins at `length` minus its own.
   */
  put(from: Uint8Array, start: number, end: number, announced: number): Uint8Array {
    const length = this.#length + end - start;
    let octets = this.#octets;
    if (octets === undefined || octets.length < length) {
      const larger = this.#platform.allocate(
        Math.min(Math.max(length + announced, 2 * this.#length), Math.max(FIRST_CAPACITY, TRUST * length)),
      );
      if (octets !== undefined) larger.set(octets.subarray(0, this.#length));
      this.#octets = octets = larger;
    }
    octets.set(start === 0 && end === from.length ? from : from.subarray(start, end), this.#length);
    this.#length = length;
    return octets;
  }

  /** Hands over what is there, for good, and begins anew. */
  take(): Uint8Array {
    const taken = this.#octets?.subarray(0, this.#length) ?? this.#platform.allocate(0);
    this.#octets = undefined;
    this.#length = 0;
    return taken;
  }
}
