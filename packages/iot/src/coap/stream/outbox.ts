import { type FairleadError, PolicyError, TimeoutError } from "@fairlead/core";
import type { MessageCarrier } from "./message-carrier.ts";

/** How much may wait to be sent, and how long. */
export interface OutboxLimits {
  readonly peer: string;
  readonly maxQueuedBytes: number;
  readonly stallTimeoutMilliseconds: number;
}

/** Who hears of an outbox. */
export interface OutboxHearer {
  /** Answers wait, so that the peer should not be asked for more; or no longer. */
  owes(doesOwe: boolean): void;
  /** The peer has taken nothing for too long. */
  stalled(error: FairleadError): void;
}

/**
 * What waits to be sent. Requests of our own are refused when too much waits; answers never are, as their number is bounded
 * where requests are taken. The two are told apart because only answers may stop the reading: were it stopped for requests,
 * two ends that both send much would wait for each other.
 */
export class Outbox {
  readonly #carrier: MessageCarrier;
  readonly #limits: OutboxLimits;
  readonly #hearer: OutboxHearer;
  #queuedBytes = 0;
  #owedBytes = 0;
  readonly #waiting = new Set<PromiseWithResolvers<undefined>>();
  #stallTimer: NodeJS.Timeout | undefined;

  constructor(carrier: MessageCarrier, limits: OutboxLimits, hearer: OutboxHearer) {
    this.#carrier = carrier;
    this.#limits = limits;
    this.#hearer = hearer;
  }

  /** Refuses a request that there is no room for; one of any size has room where nothing waits. */
  refuses(message: Uint8Array): FairleadError | undefined {
    const { peer, maxQueuedBytes } = this.#limits;
    if (this.#queuedBytes === 0 || this.#queuedBytes + message.length <= maxQueuedBytes) return undefined;
    return new PolicyError("READER_TOO_SLOW", { peer, operation: "send" });
  }

  /**
   * @returns resolves when it has left to the system; rejects with what the outbox is closed with. Nobody has to wait for it.
   */
  send(message: Uint8Array, reason: "asked" | "own"): Promise<undefined> {
    const sending = Promise.withResolvers<undefined>();
    sending.promise.catch(() => undefined);
    this.#waiting.add(sending);
    let left = message.length;
    this.#count(left, reason);
    if (reason === "asked") this.#owe(messageBytes);
    this.#stallTimer ??= setTimeout(() => {
      this.#stall();
    }, this.#limits.stallTimeoutMilliseconds).unref();
    this.#carrier.write(message, (sentBytes) => {
      left -= sentBytes;
      this.#count(-sentBytes, reason);
      if (this.#queuedBytes === 0) this.#stopTimer();
      else this.#stallTimer?.refresh();
      if (left > 0) return;
      if (reason === "asked") this.#owe(-messageBytes);
      this.#waiting.delete(sending);
      sending.resolve(undefined);
    });
    return sending.promise;
  }

  /** Waits for nothing any more. */
  close(error: FairleadError): void {
    this.#stopTimer();
    for (const sending of this.#waiting) sending.reject(error);
    this.#waiting.clear();
  }

  #stopTimer(): void {
    clearTimeout(this.#stallTimer);
    this.#stallTimer = undefined;
  }

  #count(bytes: number, reason: "asked" | "own"): void {
    this.#queuedBytes += bytes;
    if (reason === "asked") this.#owe(bytes);
  }

  #owe(bytes: number): void {
    const owed = this.#owedBytes > owedHighWaterBytes;
    this.#owedBytes += bytes;
    const owes = this.#owedBytes > owedHighWaterBytes;
    if (owes !== owed) this.#hearer.owes(owes);
  }

  #stall(): void {
    this.#stallTimer = undefined;
    this.#hearer.stalled(new TimeoutError("request", { peer: this.#limits.peer, operation: "send" }));
  }
}

const owedHighWaterBytes = 65_536;
/** What an answer takes while it waits, besides its own bytes: without it, the smallest would take the most. */
const messageBytes = 512;
