const mostKeys = 1_000;

/** Counts attempts by key; the oldest keys are forgotten. */
export class Attempts {
  readonly #counts = new Map<string, number>();

  /** One more of this key, and how many there are with it. */
  count(key: string): number {
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > mostKeys && oldest !== undefined) this.#counts.delete(oldest);
    return count;
  }

  forget(key: string): void {
    this.#counts.delete(key);
  }
}
