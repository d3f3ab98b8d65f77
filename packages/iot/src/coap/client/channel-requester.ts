import { type FairleadError, TransportError } from "@fairlead/core";
import type { CoapChannel, CoapExchange, CoapExchangeListener } from "../channel.ts";
import type { CoapCall, CoapObserver, CoapRequest, CoapRequester, CoapResponse } from "../exchange.ts";

/** Asks by a channel: the lowest requester. */
export function channelRequester(channel: CoapChannel): CoapRequester {
  const observations = new WeakMap<object, Asking>();
  return (request, call = {}) => {
    const { signal, observation } = call;
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    if (channel.closed) {
      return Promise.reject(new TransportError("STREAM_CLOSED", { peer: channel.peer, operation: "request" }));
    }
    const begun = observation && observations.get(observation);
    const asking = begun?.isOver === false ? begun : new Asking(channel);
    if (observation !== undefined) observations.set(observation, asking);
    return asking.send(request, call);
  };
}

/** What is asked by one token: mostly once, and again where an observation is registered anew or given up. */
class Asking implements CoapExchangeListener {
  isOver = false;
  readonly #exchange: CoapExchange;
  /** Calls that have no answer yet. One response answers them all. */
  #unanswered: PromiseWithResolvers<CoapResponse>[] = [];
  /** The newest call's. */
  #observer: CoapObserver | undefined;
  #leave: (() => void) | undefined;

  constructor(channel: CoapChannel) {
    this.#exchange = channel.open(this);
  }

  send(request: CoapRequest, { signal, delivery, observer }: CoapCall): Promise<CoapResponse> {
    const answer = Promise.withResolvers<CoapResponse>();
    this.#leave?.();
    this.#leave = signal && this.#heed(signal);
    this.#unanswered.push(answer);
    const observedBefore = this.#observer;
    this.#observer = observer;
    try {
      this.#exchange.send(request, delivery);
    } catch (error) {
      this.#end();
      this.#exchange.release();
      for (const { reject } of this.#takeUnanswered()) reject(error);
    }
    if (observedBefore !== observer) observedBefore?.end(undefined);
    return answer.promise;
  }

  response(response: CoapResponse): void {
    const unanswered = this.#takeUnanswered();
    if (unanswered.length === 0) {
      this.#observer?.next(response);
      return;
    }
    if (this.#observer === undefined) {
      this.#end();
      this.#exchange.release();
    }
    for (const { resolve } of unanswered) resolve(response);
  }

  failed(error: FairleadError): void {
    this.#end();
    const unanswered = this.#takeUnanswered();
    for (const { reject } of unanswered) reject(error);
    if (unanswered.length === 0) this.#observer?.end(error);
  }

  /** Gives all up when a signal fires; what it returns has it heeded no longer. */
  #heed(signal: AbortSignal): () => void {
    const abort = (): void => {
      this.#end();
      this.#exchange.release();
      const unanswered = this.#takeUnanswered();
      for (const { reject } of unanswered) reject(signal.reason);
      if (unanswered.length === 0) this.#observer?.end(undefined);
    };
    signal.addEventListener("abort", abort, { once: true });
    return () => {
      signal.removeEventListener("abort", abort);
    };
  }

  #takeUnanswered(): readonly PromiseWithResolvers<CoapResponse>[] {
    const unanswered = this.#unanswered;
    if (unanswered.length > 0) this.#unanswered = [];
    return unanswered;
  }

  #end(): void {
    this.isOver = true;
    this.#leave?.();
  }
}
