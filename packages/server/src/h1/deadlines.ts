import { ConnectionClock } from "@fairlead/transport";

/** What a connection waits for at most so long. */
export type Wait = "idle" | "head" | "body" | "bodyIdle" | "write" | "linger";

/** The longest that a timer can wait. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/**
 * The moments by which what a connection waits for must have come. One clock serves them all, and is set only when a moment
 * comes nearer: what is put off, as by every request, costs a look at the time.
 */
export class Deadlines {
  readonly #onPassed: (wait: Wait) => void;
  readonly #clock = new ConnectionClock(() => {
    this.#look();
  });
  readonly #moments: Record<Wait, number> = {
    idle: Infinity,
    head: Infinity,
    body: Infinity,
    bodyIdle: Infinity,
    write: Infinity,
    linger: Infinity,
  };
  #nearest = Infinity;

  /** @param onPassed told of each, which is cleared then. */
  constructor(onPassed: (wait: Wait) => void) {
    this.#onPassed = onPassed;
  }

  isSet(wait: Wait): boolean {
    return this.#moments[wait] !== Infinity;
  }

  /** @param milliseconds from now; `Infinity` for none. */
  set(wait: Wait, milliseconds: number): void {
    const moment = performance.now() + milliseconds;
    this.#moments[wait] = moment;
    if (moment >= this.#nearest) return;
    this.#nearest = moment;
    this.#clock.set(Math.min(milliseconds, LONGEST_MILLISECONDS));
  }

  clear(wait: Wait): void {
    this.#moments[wait] = Infinity;
  }

  clearAll(): void {
    for (const wait of WAITS) this.#moments[wait] = Infinity;
    this.#nearest = Infinity;
    this.#clock.stop();
  }

  #look(): void {
    this.#nearest = Infinity;
    const now = performance.now();
    for (const wait of WAITS) {
      if (this.#moments[wait] > now) continue;
      this.#moments[wait] = Infinity;
      this.#onPassed(wait);
    }
    for (const wait of WAITS) {
      const moment = this.#moments[wait];
      if (moment < this.#nearest) this.set(wait, moment - now);
    }
  }
}

const WAITS: readonly Wait[] = ["idle", "head", "body", "bodyIdle", "write", "linger"];
