import type { CoapCall } from "../exchange.ts";

/** One token for the requests that a body is divided into. */
export class BodyToken {
  readonly #call: CoapCall;
  #left = new AbortController();
  #signal: AbortSignal;

  /** @param call how the request is made that they are parts of; it does not observe. */
  constructor(call: CoapCall) {
    this.#call = call;
    this.#signal = this.#whileNotLeft();
  }

  /** How one of them is made. The answer to the last gives the token back. */
  callOf(more: boolean): CoapCall {
    if (!more) return { ...this.#call, observation: this };
    return { signal: this.#signal, delivery: this.#call.delivery, observation: this, observer: nobody };
  }

  /** Gives the token back before the last; what comes behind it goes by another one. */
  leave(): void {
    this.#left.abort();
    this.#left = new AbortController();
    this.#signal = this.#whileNotLeft();
  }

  #whileNotLeft(): AbortSignal {
    const { signal } = this.#call;
    return signal === undefined ? this.#left.signal : AbortSignal.any([signal, this.#left.signal]);
  }
}

/** Keeps a token between two answers. */
const nobody = { next: (): void => undefined, end: (): void => undefined };
