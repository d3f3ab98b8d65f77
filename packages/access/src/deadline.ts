import { TimeoutError, UsageError } from "@fairlead/core";

/** Node's timers fire at once for anything longer: 24.8 days. */
export const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/** Ends an exchange that takes too long; must be cleared when it is over. */
export class Deadline {
  readonly #controller = new AbortController();
  #isOver = false;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #follow: (() => void) | undefined;
  readonly #followed: AbortSignal | undefined;

  /**
   * @param signal fires the deadline's own signal, too. A listener, since signals made by `AbortSignal.any` stay with a
   * signal that lives long.
   * @throws UsageError OPTION_INVALID
   */
  constructor(milliseconds: number, signal: AbortSignal | undefined, peer: string) {
    requireMilliseconds("timeoutMilliseconds", milliseconds, 0);
    if (signal?.aborted === true) {
      this.#controller.abort(signal.reason);
      return;
    }
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      this.#controller.abort(new TimeoutError("total", { peer, operation: "request" }));
    }, milliseconds);
    if (signal === undefined) return;
    this.#followed = signal;
    this.#follow = (): void => {
      clearTimeout(this.#timer);
      this.#controller.abort(signal.reason);
    };
    signal.addEventListener("abort", this.#follow, { once: true });
  }

  /** Whether the time was up before anything else ended the exchange. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Fires with TimeoutError `total` when the time is up, or with the reason of the signal that was given. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  clear(): void {
    clearTimeout(this.#timer);
    if (this.#follow !== undefined) this.#followed?.removeEventListener("abort", this.#follow);
  }
}

/**
 * Refuses a duration that no timer can take.
 *
 * @throws UsageError OPTION_INVALID
 */
export function requireMilliseconds(option: string, milliseconds: number, least: number): void {
  if (milliseconds >= least && milliseconds <= LONGEST_MILLISECONDS) return;
  throw new UsageError("OPTION_INVALID", {
    detail: option,
    remedy: `give milliseconds from ${String(least)} to ${String(LONGEST_MILLISECONDS)}`,
  });
}
