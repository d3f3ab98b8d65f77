/** A question that is put to somebody. */
interface Asked<Answer> {
  readonly answer: Promise<Answer>;
  readonly ending: AbortController;
  waiting: number;
}

/** Asks somebody once for all who wait, and for as long as anybody does. */
export class SharedLogin<Answer> {
  readonly #ask: (nobodyWaits: AbortSignal) => Promise<Answer>;
  #asked: Asked<Answer> | undefined;

  /** @param ask is told by its signal when nobody waits any more. */
  constructor(ask: (nobodyWaits: AbortSignal) => Promise<Answer>) {
    this.#ask = ask;
  }

  /** @param signal of who waits; its firing ends the question where nobody else does. */
  async wait(signal: AbortSignal | undefined): Promise<Answer> {
    signal?.throwIfAborted();
    const asked = (this.#asked ??= this.#begin());
    asked.waiting += 1;
    let isWaiting = true;
    const leave = (): void => {
      if (!isWaiting) return;
      isWaiting = false;
      signal?.removeEventListener("abort", leave);
      asked.waiting -= 1;
      if (asked.waiting > 0) return;
      // Who comes now asks anew.
      if (this.#asked === asked) this.#asked = undefined;
      asked.ending.abort(signal?.reason);
    };
    signal?.addEventListener("abort", leave);
    try {
      return await asked.answer;
    } finally {
      leave();
    }
  }

  #begin(): Asked<Answer> {
    const ending = new AbortController();
    const answer = this.#ask(ending.signal);
    // All who waited may have left.
    answer.catch(() => undefined);
    return { answer, ending, waiting: 0 };
  }
}
