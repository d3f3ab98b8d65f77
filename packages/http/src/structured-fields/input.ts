/** What is still to be read of a field's value. */
export class Input {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  hasEnded(): boolean {
    return this.#at >= this.#text.length;
  }

  /** What a sticky expression matches here; `undefined` when it does not. */
  take(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const [found] = expression.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

/** RFC 9110 section 5.6.3. */
export const OPTIONAL_WHITESPACE = /[ \t]*/y;
