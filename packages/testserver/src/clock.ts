/** A listener for changes of the time, called after the change. */
export type ClockListener = () => void;

/**
 * The time of a network: what its certificates, tickets, cookies, HSTS and caches go by. It runs on by itself, and can
 * be put forward and back.
 */
export class NetworkClock {
  readonly #base: () => number;
  readonly #listeners = new Set<ClockListener>();
  #offsetMilliseconds = 0;

  /** `base` is what runs on: milliseconds since the epoch. */
  constructor(base: () => number) {
    this.#base = base;
  }

  /** Milliseconds since the epoch. */
  readonly now = (): number => this.#base() + this.#offsetMilliseconds;

  /** How far this time is ahead of the one that it runs by, in milliseconds. */
  get offsetMilliseconds(): number {
    return this.#offsetMilliseconds;
  }

  /**
   * Puts the time to a moment, from which it runs on.
   *
   * @throws RangeError outside the years 1971 to 2048: certificates of the network's authorities do not reach further.
   */
  set(time: Date | number): void {
    this.#shift(Number(time) - this.#base());
  }

  /**
   * Puts the time forward, or with a negative number back.
   *
   * @throws RangeError as {@link set} does.
   */
  advance(durationMilliseconds: number): void {
    this.#shift(this.#offsetMilliseconds + durationMilliseconds);
  }

  /** Calls a listener after each change, until the function that it returns is called. */
  onChange(listener: ClockListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #shift(offsetMilliseconds: number): void {
    const to = this.#base() + offsetMilliseconds;
    if (!(to >= Date.UTC(1971) && to < Date.UTC(2049))) throw new RangeError("the time must be from 1971 to 2048");
    this.#offsetMilliseconds = offsetMilliseconds;
    for (const listener of this.#listeners) listener();
  }
}
