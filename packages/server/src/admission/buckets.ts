import { draw, type Draw, type Rate } from "./protocol/token-bucket.ts";

/** A token bucket for each of many keys, and for no more than a given number of them. */
export class Buckets {
  readonly #rate: Rate;
  readonly #limit: number;
  /** When each is full again. In the order of their last use, so that those that are full by now come first. */
  readonly #fullAt = new Map<string, number>();

  constructor(rate: Rate, limit: number) {
    this.#rate = rate;
    this.#limit = limit;
  }

  /** Buckets that are kept. */
  get size(): number {
    return this.#fullAt.size;
  }

  /** Takes a token. */
  draw(key: string, now: number): Draw {
    const drawn = draw(this.#rate, this.#fullAt.get(key), now);
    this.#fullAt.delete(key);
    this.#fullAt.set(key, drawn.fullAt);
    this.#forget(now);
    return drawn;
  }

  /**
   * A full bucket says nothing, and is forgotten: two for each that may have been added. Beyond the limit the one goes that
   * was not used for longest, although it is not full.
   */
  #forget(now: number): void {
    let looks = 2;
    for (const [key, fullAt] of this.#fullAt) {
      if (looks === 0 || (fullAt > now && this.#fullAt.size <= this.#limit)) return;
      this.#fullAt.delete(key);
      looks -= 1;
    }
  }
}
