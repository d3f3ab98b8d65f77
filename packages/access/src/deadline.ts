import { TimeoutError } from "@fairlead/core";

/** Ends an exchange that takes too long; must be cleared when it is over. */
export class Deadline {
  readonly signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;

  constructor(milliseconds: number, signal: AbortSignal | undefined, peer: string) {
    const controller = new AbortController();
    this.signal = signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]);
    this.#timer = setTimeout(() => {
      controller.abort(new TimeoutError("total", { peer, operation: "request" }));
    }, milliseconds);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
