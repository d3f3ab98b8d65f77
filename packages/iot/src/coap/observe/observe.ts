import { FairleadError, retryHelps } from "@fairlead/core";
import { type Clock, systemClock } from "@fairlead/tls/datagram";
import type { CoapDelivery, CoapRequest, CoapRequester, CoapResponse } from "../exchange.ts";
import { coapOptions, readOption, writeOption } from "../protocol/index.ts";
import { isFresher, type NotificationPlace } from "../protocol/observe/freshness.ts";
import { CoapObservationEnded } from "./observation-ended.ts";

/** How a resource is observed. */
export interface ObserveOptions {
  /** Ends the observation: the iterator rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  readonly delivery?: CoapDelivery | undefined;
  /** Gives a requester again when the one before has failed; without it, the same one is tried again. */
  readonly reopen?: ((signal: AbortSignal) => CoapRequester | Promise<CoapRequester>) | undefined;
  /** How often in a row it is tried again before the failure is told; 8 by default. In between are 1 to 60 seconds. */
  readonly maxAttempts?: number | undefined;
  readonly clock?: Clock | undefined;
  /** From 0 to 1. */
  readonly random?: (() => number) | undefined;
}

/**
 * Observes a resource: gives its state, and each that follows. Who reads slowly gets the latest, and none that is older.
 *
 * It registers when it is iterated, again when Max-Age has passed without news, and when the channel has failed. A server
 * that does not let itself be observed is so asked again for each Max-Age. Leaving the loop tells the server.
 *
 * @throws CoapObservationEnded for an answer of class 4 or 5; what `requester` throws at first, or at last when nothing
 * helps; or the signal's reason.
 *
 * @see RFC 7641 section 3
 */
export function observe(
  requester: CoapRequester,
  request: CoapRequest,
  options: ObserveOptions = {},
): AsyncIterable<CoapResponse> {
  return { [Symbol.asyncIterator]: () => new Observation(requester, request, options) };
}

/** How an observation is over. */
type End = { readonly type: "left" } | { readonly type: "failed"; readonly error: unknown };

class Observation implements AsyncIterator<CoapResponse, undefined> {
  #requester: CoapRequester;
  readonly #request: CoapRequest;
  readonly #options: ObserveOptions;
  readonly #clock: Clock;
  readonly #gone = new AbortController();
  /** The token, see `CoapCall`. */
  #token = {};
  /** The newest one by this token. */
  #registration = {};
  #isRegistered = false;
  #hasBegun = false;
  #failures = 0;
  #newest: NotificationPlace | undefined;
  #eTag: Uint8Array | undefined;
  #latest: CoapResponse | undefined;
  #end: End | undefined;
  #wake: () => void = () => undefined;
  #cancelTimer: () => void = () => undefined;

  constructor(requester: CoapRequester, request: CoapRequest, options: ObserveOptions) {
    this.#requester = requester;
    this.#request = request;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const { signal } = options;
    if (signal?.aborted === true) this.#finish({ type: "failed", error: signal.reason });
    else {
      signal?.addEventListener("abort", this.#abort, { once: true });
      void this.#register();
    }
  }

  async next(): Promise<IteratorResult<CoapResponse, undefined>> {
    while (this.#latest === undefined && this.#end === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const value = this.#latest;
    this.#latest = undefined;
    if (value !== undefined) return { done: false, value };
    const end = this.#end;
    this.#end = { type: "left" };
    if (end?.type === "failed") throw end.error;
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<CoapResponse, undefined>> {
    this.#leave({ type: "left" });
    return Promise.resolve({ done: true, value: undefined });
  }

  readonly #abort = (): void => {
    this.#leave({ type: "failed", error: this.#options.signal?.reason });
  };

  async #register(): Promise<void> {
    const token = this.#token;
    const newestBefore = this.#newest;
    const registration = {};
    this.#registration = registration;
    // The observer of a registration ends when the next one takes its place.
    const isCurrent = (): boolean => this.#end === undefined && this.#registration === registration;
    try {
      const response = await this.#requester(this.#asking(0), {
        ...{ signal: this.#gone.signal, delivery: this.#options.delivery, observation: token },
        observer: {
          next: (notification) => {
            if (isCurrent()) this.#hear(notification);
          },
          end: (error) => {
            if (isCurrent()) void this.#lose(error);
          },
        },
      });
      if (!isCurrent()) return;
      // The answer to a registration is news whatever its number: the server may have begun to count anew.
      if (this.#newest === newestBefore) this.#newest = undefined;
      this.#isRegistered = true;
      this.#hear(response);
    } catch (error) {
      if (isCurrent()) await this.#lose(error);
    }
  }

  #hear(response: CoapResponse): void {
    const { code } = response;
    if (!code.startsWith("2.")) {
      this.#finish({ type: "failed", error: new CoapObservationEnded(response) });
      return;
    }
    const sequence = readOption(response, "observe");
    if (sequence !== undefined) {
      const place = { sequence, receivedAt: this.#clock.now() };
      if (this.#newest !== undefined && !isFresher(place, this.#newest)) return;
      this.#newest = place;
    }
    this.#hasBegun = true;
    this.#failures = 0;
    const seconds = (readOption(response, "maxAge") ?? 60) + 5 + 10 * this.#random();
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.schedule(Math.min(seconds * 1000, longestTimer), () => void this.#register());
    // Valid: the state is the one that is known. RFC 7641 section 3.3.
    if (code === "2.03") return;
    this.#eTag = readOption(response, "eTag");
    this.#latest = response;
    this.#wake();
  }

  /** Tries again what may succeed later, once it has succeeded before. */
  async #lose(error: unknown): Promise<void> {
    this.#cancelTimer();
    const { maxAttempts = 8, reopen } = this.#options;
    const mayHelp = error instanceof FairleadError && retryHelps(error);
    if (!this.#hasBegun || !mayHelp || this.#failures >= maxAttempts) {
      this.#finish({ type: "failed", error });
      return;
    }
    const seconds = Math.min(60, 2 ** this.#failures) * (0.5 + this.#random() / 2);
    this.#failures += 1;
    this.#token = {};
    this.#registration = {};
    this.#isRegistered = false;
    this.#newest = undefined;
    await new Promise<void>((resolve) => {
      this.#cancelTimer = this.#clock.schedule(Math.max(1, seconds) * 1000, resolve);
    });
    try {
      if (reopen !== undefined) this.#requester = await reopen(this.#gone.signal);
    } catch (failure) {
      if (this.#end === undefined) await this.#lose(failure);
      return;
    }
    if (this.#end === undefined) await this.#register();
  }

  /** Deregisters with the token that it registered with, and waits for nothing. RFC 7641 section 3.6. */
  #leave(end: End): void {
    if (this.#end !== undefined) return;
    const isRegistered = this.#isRegistered && this.#newest !== undefined;
    this.#finish(end, isRegistered);
    if (isRegistered) {
      const given = new AbortController();
      const cancel = this.#clock.schedule(deregistrationMilliseconds, () => given.abort());
      this.#requester(this.#asking(1), { signal: given.signal, observation: this.#token })
        .catch(() => undefined)
        .finally(cancel);
    }
  }

  #finish(end: End, isLeaving = false): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#cancelTimer();
    this.#options.signal?.removeEventListener("abort", this.#abort);
    if (end.type === "left" || this.#options.signal?.aborted === true) this.#latest = undefined;
    if (!isLeaving) this.#gone.abort();
    this.#wake();
  }

  #asking(observe: 0 | 1): CoapRequest {
    const { code, options, payload } = this.#request;
    const asked = options.filter(({ number }) => number !== coapOptions.observe.number);
    asked.push(writeOption("observe", observe));
    if (observe === 0 && this.#eTag !== undefined) asked.push(writeOption("eTag", this.#eTag));
    return { code, options: asked.sort((one, other) => one.number - other.number), payload };
  }

  #random(): number {
    return (this.#options.random ?? Math.random)();
  }
}

/** What timers take: Max-Age may be more, and asking sooner does no harm. */
const longestTimer = 2 ** 31 - 1;
const deregistrationMilliseconds = 10_000;
