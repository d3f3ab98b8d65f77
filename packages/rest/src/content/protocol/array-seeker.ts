import { GatheredOctets } from "./gathered-octets.ts";
import {
  BACKSLASH,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  OPENING_BRACE,
  OPENING_BRACKET,
  QUOTE,
} from "./json-octets.ts";

/** Finds where an array begins, in a JSON text that comes octet by octet. */
export class ArraySeeker {
  readonly #path: readonly string[];
  /** The string that came last, or is coming, as it is spelled; of those only that may be names on the path. */
  readonly #string = new GatheredOctets();
  #isQuoted = false;
  #isEscaped = false;
  /** Arrays and objects that are open. */
  #depth = 0;
  /** How many of them are on the path: all, or the outermost. */
  #onPath = 0;
  /** Whether the next value is on the path. */
  #isDue = true;

  /** @param path names of members from the root to the array; none for the root. */
  constructor(path: readonly string[]) {
    this.#path = path;
  }

  /** @returns whether the array begins behind this octet; `undefined` once it can begin nowhere. */
  take(octet: number): boolean | undefined {
    if (this.#isQuoted) {
      this.#quoted(octet);
      return false;
    }
    switch (octet) {
      case QUOTE:
        this.#isQuoted = true;
        this.#string.take();
        return false;
      case COLON:
        this.#isDue = this.#depth === this.#onPath && this.#isNext();
        return false;
      case COMMA:
        this.#isDue = false;
        return false;
      case OPENING_BRACKET:
        if (this.#isDue && this.#onPath === this.#path.length) return true;
        return this.#open(false);
      case OPENING_BRACE:
        return this.#open(this.#isDue && this.#onPath < this.#path.length);
      case CLOSING_BRACKET:
      case CLOSING_BRACE:
        if (this.#depth === this.#onPath) return undefined;
        this.#depth -= 1;
        return false;
      default:
        return false;
    }
  }

  #open(isOnPath: boolean): false {
    this.#depth += 1;
    if (isOnPath) this.#onPath += 1;
    this.#isDue = false;
    return false;
  }

  #quoted(octet: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (octet === BACKSLASH) this.#isEscaped = true;
    else if (octet === QUOTE) {
      this.#isQuoted = false;
      return;
    }
    if (this.#depth === this.#onPath) this.#string.push(octet);
  }

  /** Whether the string that came last is the next name of the path. */
  #isNext(): boolean {
    const spelled = new TextDecoder().decode(this.#string.slice());
    try {
      return JSON.parse(`"${spelled}"`) === this.#path[this.#onPath - 1];
    } catch {
      return false;
    }
  }
}
