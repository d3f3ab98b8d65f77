import { DEFAULT_WINDOW } from "./frames.ts";

/** Streams that a client has open at once at the most, whatever the peer allows. */
export const STREAMS_LIMIT = 100;

/** What one stream may have on its way at the most: a second's worth at 128 Mbit/s. */
const WINDOW_MOST = 16 * 1024 * 1024;

/**
 * What may be on its way to one end of a connection. The sum of all windows stays within that of the connection, which
 * therefore never holds one stream back because another is not read.
 */
export class WindowPlan {
  /** What each stream may have on its way, from the beginning. */
  readonly stream: number;
  /** What all streams together may have on their way, and a slow reader's memory therefore hold. */
  readonly connection: number;
  /** What the windows of streams may still grow by in all. */
  #left: number;

  constructor(streams: number, stream: number, connection: number) {
    this.stream = stream;
    this.connection = Math.max(connection, streams * stream, DEFAULT_WINDOW);
    this.#left = this.connection - streams * stream;
  }

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

/** A client's: it reads from servers that it has chosen. */
export function clientWindows(): WindowPlan {
  return new WindowPlan(STREAMS_LIMIT, 256 * 1024, 64 * 1024 * 1024);
}

/**
 * A server's: anybody may have it hold as much as this. A stream begins with what holds where nothing was agreed on, so that
 * who sends at once is within it.
 */
export function serverWindows(streams: number): WindowPlan {
  return new WindowPlan(streams, DEFAULT_WINDOW, 16 * 1024 * 1024);
}

/**
 * How much a peer may send on one stream. Whoever reads as fast as it comes gets a window four times as large with each half
 * of one that was read, for paths that are long.
 *
 * @see RFC 9113 section 5.2
 */
export class ReceiveWindow {
  readonly #plan: WindowPlan;
  #size: number;
  /** What the peer may send now. */
  #open: number;
  /** What was read and not yet given back. */
  #read = 0;

  constructor(plan: WindowPlan) {
    this.#plan = plan;
    this.#size = plan.stream;
    this.#open = plan.stream;
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
    const growth = this.#plan.take(Math.min(3 * this.#size, WINDOW_MOST - this.#size));
    const increment = this.#read + growth;
    this.#size += growth;
    this.#open += increment;
    this.#read = 0;
    return increment;
  }

  /** Gives back what it grew by: its stream is over. */
  end(): void {
    this.#plan.giveBack(this.#size - this.#plan.stream);
    this.#size = this.#plan.stream;
  }
}
