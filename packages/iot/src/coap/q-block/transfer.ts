import { type FairleadError, TimeoutError } from "@fairlead/core";
import type { Clock } from "@fairlead/tls/datagram";
import type { BlocksChannel } from "../blocks/blocks-options.ts";
import type { CoapCall, CoapDelivery, CoapRequest, CoapRequester, CoapResponse } from "../exchange.ts";
import type { QBlockParameters } from "../protocol/q-block/index.ts";

/** What a client's transfer goes by. */
export interface TransferMeans {
  readonly requester: CoapRequester;
  readonly request: CoapRequest;
  readonly call: CoapCall;
  readonly channel: BlocksChannel;
  readonly sizeBytes: number;
  readonly parameters: QBlockParameters;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** How a transfer ends when it does not fail. */
export type TransferOutcome =
  | { readonly type: "answered"; readonly response: CoapResponse }
  /** The server does not know Q-Block; it has done nothing. */
  | { readonly type: "unsupported" };

/** What an upload and a download have in common: requests that may all be answered, one timer, one end. */
export abstract class Transfer {
  protected readonly means: TransferMeans;
  protected isOver = false;
  /** Waits in vain since something came. */
  #inVain = 0;
  readonly #outcome = Promise.withResolvers<TransferOutcome>();
  /** Of the requests of this set and the one before: what is older is answered no more. */
  #open: readonly AbortController[] = [];
  #current = new AbortController();
  #cancelTimer: () => void = () => undefined;

  constructor(means: TransferMeans) {
    this.means = means;
  }

  /** @throws TimeoutError when nothing comes any more; what `requester` throws; or the call's signal's reason. */
  async run(): Promise<TransferOutcome> {
    const { signal } = this.means.call;
    signal?.throwIfAborted();
    const abort = (): void => this.fail(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      this.start();
      return await this.#outcome.promise;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
  }

  protected abstract start(): void;
  protected abstract hear(response: CoapResponse): void;
  /** Nothing has come for as long as the timer was set to. */
  protected abstract late(): void;

  /** Begins a set of requests. */
  protected beginSet(): void {
    const [older, ...newer] = [...this.#open, this.#current];
    if (newer.length > 0) older.abort();
    this.#open = newer.length > 0 ? newer : [this.#current];
    this.#current = new AbortController();
  }

  protected ask(request: CoapRequest, delivery: CoapDelivery): void {
    const { signal } = this.#current;
    const hear = (response: CoapResponse): void => {
      if (!this.isOver) this.hear(response);
    };
    const fail = (error: unknown): void => {
      // Most blocks are never answered: that one was not says nothing.
      const isUnanswered = delivery === "non-confirmable" && error instanceof TimeoutError;
      if (!signal.aborted && !isUnanswered) this.fail(error);
    };
    const end = (error: FairleadError | undefined): void => {
      if (error !== undefined) fail(error);
    };
    this.means.requester(request, { signal, delivery, observer: { next: hear, end } }).then(hear, fail);
  }

  /** Waits, in the place of the wait before. */
  protected wait(milliseconds: number): void {
    if (this.isOver) return;
    this.#cancelTimer();
    this.#cancelTimer = this.means.clock.schedule(milliseconds, () => this.late());
  }

  /** Counts waits in vain, and ends the transfer after the last. */
  protected countVain(): boolean {
    this.#inVain += 1;
    if (this.#inVain <= this.means.parameters.nonMaxRetransmit) return true;
    this.fail(new TimeoutError("body", { peer: this.means.channel.peer }));
    return false;
  }

  protected countProgress(): void {
    this.#inVain = 0;
  }

  protected finish(outcome: TransferOutcome): void {
    this.#end();
    this.#outcome.resolve(outcome);
  }

  protected fail(error: unknown): void {
    if (this.isOver) return;
    this.#end();
    this.#outcome.reject(error);
  }

  #end(): void {
    this.isOver = true;
    this.#cancelTimer();
    for (const controller of [...this.#open, this.#current]) controller.abort();
  }
}
