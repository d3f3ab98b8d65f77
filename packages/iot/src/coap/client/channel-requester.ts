import { type FairleadError, TransportError } from "@fairlead/core";
import type { CoapChannel, CoapExchange } from "../channel.ts";
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
class Asking {
  isOver = false;
  readonly #exchange: CoapExchange;
  /** Calls that have no answer yet. One response answers them all. */
  #unanswered: PromiseWithResolvers<CoapResponse>[] = [];
  /** The newest call's. */
  #observer: CoapObserver | undefined;
  #leave: () => void = () => undefined;

  constructor(channel: CoapChannel) {
    this.#exchange = channel.open({
      response: (response) => this.#hear(response),
      failed: (error) => this.#fail(error),
    });
  }

  send(request: CoapRequest, { signal, delivery, observer }: CoapCall): Promise<CoapResponse> {
    const answer = Promise.withResolvers<CoapResponse>();
    const abort = (): void => {
      this.#end();
      this.#exchange.release();
      const unanswered = this.#unanswered.splice(0);
      for (const { reject } of unanswered) reject(signal?.reason);
      if (unanswered.length === 0) observer?.end(undefined);
    };
    this.#leave();
    this.#unanswered.push(answer);
    const observedBefore = this.#observer;
    this.#observer = observer;
    signal?.addEventListener("abort", abort, { once: true });
    this.#leave = () => signal?.removeEventListener("abort", abort);
    try {
      this.#exchange.send(request, delivery);
    } catch (error) {
      this.#end();
      this.#exchange.release();
      for (const { reject } of this.#unanswered.splice(0)) reject(error);
    }
    if (observedBefore !== observer) observedBefore?.end(undefined);
    return answer.promise;
  }

  #hear(response: CoapResponse): void {
    if (this.#unanswered.length === 0) {
      this.#observer?.next(response);
      return;
    }
    const unanswered = this.#unanswered.splice(0);
    if (this.#observer === undefined) {
      this.#end();
      this.#exchange.release();
    }
    for (const { resolve } of unanswered) resolve(response);
  }

  #fail(error: FairleadError): void {
    this.#end();
    const unanswered = this.#unanswered.splice(0);
    for (const { reject } of unanswered) reject(error);
    if (unanswered.length === 0) this.#observer?.end(error);
  }

  #end(): void {
    this.isOver = true;
    this.#leave();
  }
}
