/**
 * One deadline at a time, for a connection that sets one for every request. Setting it costs next to nothing: the timer
 * below is left to run, and looks at the deadline when it fires. It keeps no process alive.
 */
export class ConnectionClock {
  readonly #onDue: () => void;
  readonly #now: () => number;
  #due = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #timerDue = Number.POSITIVE_INFINITY;

  /** @param now milliseconds since any moment; the runtime's own clock by default. */
  constructor(onDue: () => void, now: () => number = () => performance.now()) {
    this.#onDue = onDue;
    this.#now = now;
  }

  /** Takes the place of the deadline that was set before. */
  set(milliseconds: number): void {
    this.#due = this.#now() + milliseconds;
    if (this.#due < this.#timerDue) this.#start(milliseconds);
  }

  /** There is no deadline for now. */
  clear(): void {
    this.#due = Number.POSITIVE_INFINITY;
  }

  /** There will be no deadline any more. */
  stop(): void {
    this.clear();
    clearTimeout(this.#timer);
  }

  #start(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timerDue = this.#due;
    this.#timer = setTimeout(this.#look, Math.ceil(milliseconds)).unref();
  }

  readonly #look = (): void => {
    this.#timerDue = Number.POSITIVE_INFINITY;
    if (this.#due === Number.POSITIVE_INFINITY) return;
    const left = this.#due - this.#now();
    if (left > 0) {
      this.#start(left);
      return;
    }
    this.clear();
    this.#onDue();
  };
}
