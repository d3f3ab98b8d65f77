/** How many names are counted at a time; the oldest are forgotten. */
const countedNamesLimit = 1000;

/** Remembers how often names were asked for that answer differently each time; one for a network. */
export class NameMemory {
  readonly #counts = new Map<string, number>();

  /** How often this was called with a key before. */
  timesBefore(key: string): number {
    const count = this.#counts.get(key) ?? 0;
    this.#counts.delete(key);
    this.#counts.set(key, count + 1);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > countedNamesLimit && oldest !== undefined) this.#counts.delete(oldest);
    return count;
  }

  /** Answers as if nobody had asked yet. */
  forget(): void {
    this.#counts.clear();
  }
}
