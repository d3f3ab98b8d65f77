import { type ConsoleHappening, type ConsoleState, emptyState } from "./console-state.ts";
import { reduce } from "./reduce.ts";

/** Holds the state of the page. Listeners are told once for all that happened before a frame is drawn. */
export class ConsoleStore {
  #state: ConsoleState = emptyState;
  #isTelling = false;
  readonly #listeners = new Set<() => void>();
  readonly #beforeFrame: (tell: () => void) => void;

  /** @param beforeFrame calls once, before the next frame is drawn. */
  constructor(beforeFrame: (tell: () => void) => void = (tell) => void requestAnimationFrame(tell)) {
    this.#beforeFrame = beforeFrame;
  }

  get state(): ConsoleState {
    return this.#state;
  }

  /** Something happened. */
  take(happening: ConsoleHappening): void {
    this.#state = reduce(this.#state, happening);
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#beforeFrame(() => {
      this.#isTelling = false;
      for (const each of [...this.#listeners]) each();
    });
  }

  /** @returns ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
