import { isCodedError } from "@fairlead/core";

/**
 * Takes note of what could not be remembered. Learning must never break a response, so a store that throws costs a
 * memory and one warning, and nothing else.
 */
export class LostLessons {
  #warned = false;

  /** Runs what remembers something, and keeps what it throws. */
  guard(learn: () => void): void {
    try {
      learn();
    } catch (error) {
      this.report(error);
    }
  }

  /** What is remembered; `undefined` as well where the store throws, which costs a memory. */
  recall<Memory>(find: () => Memory): Memory | undefined {
    try {
      return find();
    } catch (error) {
      this.report(error);
      return undefined;
    }
  }

  report(error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    // A foreign error's message may hold anything; its name may not.
    const what = isCodedError(error) ? error.message : error instanceof Error ? error.name : typeof error;
    process.emitWarning(`what responses teach cannot be remembered: ${what}`, {
      type: "FairleadStoreWarning",
      code: "lesson-lost",
    });
  }
}
