import { chooseMediaType } from "@fairlead/http/negotiation";
import { Problem } from "./problem.ts";

/** The media types that an operation's successes may have, the best first. */
export class MediaTypes {
  readonly #types: readonly string[];
  /** The last field that was seen, and what it led to: clients of one kind all say the same. */
  #accept: string | undefined;
  #chosen: string | undefined;

  constructor(types: readonly string[]) {
    this.#types = [...new Set(types)];
    this.#chosen = this.#types[0];
  }

  get areSeveral(): boolean {
    return this.#types.length > 1;
  }

  /**
   * What the client likes best; `undefined` where there is nothing to choose.
   *
   * @throws Problem 406
   */
  choose(accept: string | undefined): string | undefined {
    if (this.#types.length === 0) return undefined;
    if (accept !== this.#accept) {
      this.#chosen = chooseMediaType(accept, this.#types);
      this.#accept = accept;
    }
    if (this.#chosen === undefined) throw new Problem(406, { detail: `there is ${this.#types.join(", ")}` });
    return this.#chosen;
  }
}
