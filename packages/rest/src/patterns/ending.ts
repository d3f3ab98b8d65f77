/** Ends what was asked for ahead when a loop ends, and all of it with the signal that the application has given. */
export class Ending implements AsyncDisposable {
  readonly #controller = new AbortController();
  readonly #followed: AbortSignal | undefined;
  readonly #follow = (): void => {
    this.#controller.abort(this.#followed?.reason);
  };

  constructor(signal: AbortSignal | undefined) {
    this.#followed = signal;
    if (signal?.aborted === true) this.#follow();
    else signal?.addEventListener("abort", this.#follow, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#followed?.removeEventListener("abort", this.#follow);
    this.#controller.abort();
    return Promise.resolve();
  }
}
