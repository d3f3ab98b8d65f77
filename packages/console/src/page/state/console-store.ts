import { type ConsoleHappening, type ConsoleState, emptyState } from "./console-state.ts";
import { type Told, toldAfter } from "./told-anew.ts";

/** Holds the state of the page. Listeners are told once for all that happened before a frame is drawn. */
export class ConsoleStore {
  #told: Told = { shown: emptyState, anew: undefined };
  #isTelling = false;
  readonly #listeners = new Set<() => void>();
  readonly #beforeFrame: (tell: () => void) => void;

  /** @param beforeFrame calls once, before the next frame is drawn. */
  constructor(beforeFrame: (tell: () => void) => void = (tell) => void requestAnimationFrame(tell)) {
    this.#beforeFrame = beforeFrame;
  }

  get state(): ConsoleState {
    return this.#told.shown;
  }

  /** Something happened. */
  take(happening: ConsoleHappening): void {
    const { shown } = this.#told;
    this.#told = toldAfter(this.#told, happening);
    if (this.#isTelling || this.#told.shown === shown) return;
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
