/** What a connection waits for at most so long. */
export type Wait = "idle" | "head" | "body" | "bodyIdle" | "write" | "linger";

/** Above a second, moments within so many milliseconds are one: Node keeps a list of timers for each length of time. */
const COARSE_MILLISECONDS = 64;
const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/**
 * The moments by which what a connection waits for must have come. One timer serves them all. It is set anew only when a
 * moment comes nearer: what is put off, as by every request, costs a look at the clock.
 */
export class Deadlines {
  readonly #onPassed: (wait: Wait) => void;
  readonly #moments: Record<Wait, number> = {
    idle: Infinity,
    head: Infinity,
    body: Infinity,
    bodyIdle: Infinity,
    write: Infinity,
    linger: Infinity,
  };
  #timer: NodeJS.Timeout | undefined;
  #timerMoment = Infinity;

  /** @param onPassed told of each, which is cleared then. */
  constructor(onPassed: (wait: Wait) => void) {
    this.#onPassed = onPassed;
  }

  isSet(wait: Wait): boolean {
    return this.#moments[wait] !== Infinity;
  }

  /** @param milliseconds from now; `Infinity` for none. */
  set(wait: Wait, milliseconds: number): void {
    const now = performance.now();
    this.#moments[wait] = now + milliseconds;
    if (now + milliseconds < this.#timerMoment) this.#arm(now + milliseconds, now);
  }

  clear(wait: Wait): void {
    this.#moments[wait] = Infinity;
  }

  clearAll(): void {
    for (const wait of WAITS) this.#moments[wait] = Infinity;
    clearTimeout(this.#timer);
    this.#timerMoment = Infinity;
  }

  #arm(moment: number, now: number): void {
    clearTimeout(this.#timer);
    const exact = Math.max(1, moment - now);
    const coarse = exact < 1_000 ? Math.ceil(exact) : Math.ceil(exact / COARSE_MILLISECONDS) * COARSE_MILLISECONDS;
    this.#timerMoment = moment;
    this.#timer = setTimeout(this.#look, Math.min(coarse, LONGEST_MILLISECONDS)).unref();
  }

  readonly #look = (): void => {
    this.#timerMoment = Infinity;
    const now = performance.now();
    for (const wait of WAITS) {
      if (this.#moments[wait] > now) continue;
      this.#moments[wait] = Infinity;
      this.#onPassed(wait);
    }
    const next = Math.min(...WAITS.map((wait) => this.#moments[wait]));
    if (next < this.#timerMoment) this.#arm(next, now);
  };
}

const WAITS: readonly Wait[] = ["idle", "head", "body", "bodyIdle", "write", "linger"];
