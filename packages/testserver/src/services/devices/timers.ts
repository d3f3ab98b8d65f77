/** Timers of one service, so many at once at most, which end with it. */
export class Timers {
  readonly #limit: number;
  readonly #running = new Set<NodeJS.Timeout>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Calls `then` after a while; where too many wait already, never. Returns what takes it back. */
  after(delayMilliseconds: number, then: () => void): () => void {
    if (this.#running.size >= this.#limit) return () => undefined;
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      then();
    }, delayMilliseconds);
    this.#running.add(timer);
    return () => {
      clearTimeout(timer);
      this.#running.delete(timer);
    };
  }

  /** Takes all of them back. */
  readonly close = (): void => {
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  };
}
