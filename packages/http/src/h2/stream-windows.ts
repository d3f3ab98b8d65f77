/** What each stream may have on its way, from the beginning. */
export const STREAM_WINDOW = 256 * 1024;
/** Streams that are open at once at the most, whatever the peer allows. */
export const STREAMS_LIMIT = 100;
/** What all streams together may have on their way, and a slow reader's memory therefore hold. */
export const CONNECTION_WINDOW = 64 * 1024 * 1024;

/** What one stream may have on its way at the most: a second's worth at 128 Mbit/s. */
const WINDOW_MOST = 16 * 1024 * 1024;

/**
 * What the windows of streams may grow by in all. With it the sum of all windows stays within that of the connection, which
 * therefore never holds one stream back because another is not read.
 */
export class GrowthBudget {
  #left = CONNECTION_WINDOW - STREAMS_LIMIT * STREAM_WINDOW;

  /** Takes as much as there is, up to `wanted`. */
  take(wanted: number): number {
    const taken = Math.min(wanted, this.#left);
    this.#left -= taken;
    return taken;
  }

  giveBack(octets: number): void {
    this.#left += octets;
  }
}

/**
 * How much a peer may send on one stream. Whoever reads as fast as it comes gets a window four times as large with each half
 * of one that was read, for paths that are long.
 *
 * @see RFC 9113 section 5.2
 */
export class ReceiveWindow {
  readonly #budget: GrowthBudget;
  #size = STREAM_WINDOW;
  /** What the peer may send now. */
  #open = STREAM_WINDOW;
  /** What was read and not yet given back. */
  #read = 0;

  constructor(budget: GrowthBudget) {
    this.#budget = budget;
  }

  /** Octets came; tells whether they were within the window. */
  receive(octets: number): boolean {
    this.#open -= octets;
    return this.#open >= 0;
  }

  /** Octets were read; tells what to give back to the peer now, most often nothing. */
  read(octets: number): number {
    this.#read += octets;
    if (this.#read < this.#size / 2) return 0;
    const growth = this.#budget.take(Math.min(3 * this.#size, WINDOW_MOST - this.#size));
    const increment = this.#read + growth;
    this.#size += growth;
    this.#open += increment;
    this.#read = 0;
    return increment;
  }

  /** Gives back what it grew by: its stream is over. */
  end(): void {
    this.#budget.giveBack(this.#size - STREAM_WINDOW);
    this.#size = STREAM_WINDOW;
  }
}
