import type { Forgetful } from "../forget/scope.ts";

/** Servers that are kept; past this the oldest may be sent early data again, which costs them a rejection more. */
const LIMIT = 1_024;

/** Where early data was rejected: none is sent there again before a full handshake. */
export class EarlyDataRejections implements Forgetful {
  readonly #bindings = new Set<string>();

  has(binding: string): boolean {
    return this.#bindings.has(binding);
  }

  /** Takes note of how a handshake ended. */
  note(binding: string, handshake: { readonly rejected: boolean; readonly resumed: boolean }): void {
    if (!handshake.resumed) {
      this.#bindings.delete(binding);
    } else if (handshake.rejected) {
      const [oldest] = this.#bindings.size < LIMIT ? [] : this.#bindings;
      if (oldest !== undefined) this.#bindings.delete(oldest);
      this.#bindings.add(binding);
    }
  }

  /** All: a binding does not tell whose it is, and what is forgotten costs a rejection. */
  forgetWithin(): number {
    this.#bindings.clear();
    return 0;
  }
}
