import type { CoapMessage } from "../message.ts";
import type { Dispatch } from "./dispatch.ts";
import type { DeliveryFailure } from "./effect.ts";
import { blockNumberOf, isOfRobustBlocks, isToEarlierBlock, type MessageContent } from "./message-content.ts";
import { type OpenExchange, OpenExchanges } from "./open-exchanges.ts";
import { type Delivery, outgoing, type Outgoing } from "./outgoing.ts";

/**
 * What this side asks: requests by tokens of its own, and the answers that they wait for.
 *
 * @see RFC 7252 sections 5.2 and 5.3
 */
export class OwnExchanges<Exchange, Request, Sending> {
  readonly #dispatch: Dispatch<Exchange, Request, Sending>;
  readonly #responseTimeoutMilliseconds: number;
  readonly #exchanges: OpenExchanges<Exchange>;
  /** When each answer has to be there, the earliest first. */
  readonly #answerDue = new Map<OpenExchange<Exchange>, number>();

  constructor(
    dispatch: Dispatch<Exchange, Request, Sending>,
    responseTimeoutMilliseconds: number,
    random: () => number,
  ) {
    this.#dispatch = dispatch;
    this.#responseTimeoutMilliseconds = responseTimeoutMilliseconds;
    this.#exchanges = new OpenExchanges(random);
  }

  get size(): number {
    return this.#exchanges.size;
  }

  /** When the first answer has to be there; infinity where none is waited for. */
  get answerAt(): number {
    const [answerAt = Number.POSITIVE_INFINITY] = this.#answerDue.values();
    return answerAt;
  }

  open(owner: Exchange): OpenExchange<Exchange> {
    return this.#exchanges.open(owner);
  }

  find(token: Uint8Array): OpenExchange<Exchange> | undefined {
    return this.#exchanges.find(token);
  }

  request(exchange: OpenExchange<Exchange>, content: MessageContent, delivery: Delivery, now: number): void {
    const { outbox, slab } = this.#dispatch;
    if (exchange.outgoing !== undefined) outbox.abandon(exchange.outgoing);
    // Blocks that are not waited for one by one have limits of their own, in place of NSTART. RFC 9177 section 7.2.
    const isExpectant = delivery === "confirmable" || !isOfRobustBlocks(content);
    const { token } = exchange;
    const subject = { type: "request", exchange } as const;
    const message: Outgoing<Exchange, Request, Sending> = outgoing(
      delivery,
      token,
      content,
      subject,
      isExpectant,
      slab,
    );
    exchange.outgoing = message;
    exchange.blockNumber = blockNumberOf(content);
    const failure = this.#dispatch.submit(message, now);
    if (failure !== undefined) this.fail(exchange, failure);
  }

  /** An acknowledgement came to a request, with its answer or without one. */
  acknowledged(sent: Outgoing<Exchange, Request, Sending>, answer: CoapMessage | undefined, now: number): void {
    if (sent.subject.type !== "request" || sent.subject.exchange.outgoing !== sent) return;
    const { exchange } = sent.subject;
    if (answer !== undefined) this.#answer(exchange, answer);
    else {
      exchange.outgoing = undefined;
      this.awaitAnswer(exchange, now);
      this.#dispatch.push({ type: "acknowledged", exchange: exchange.owner });
    }
  }

  /** An answer came by a message of its own. */
  answered(exchange: OpenExchange<Exchange>, response: CoapMessage, now: number): void {
    if (isToEarlierBlock(exchange, response)) return;
    const { outgoing: request } = exchange;
    // An answer acknowledges its request, if the acknowledgement was lost. RFC 7252 section 5.2.2.
    if (request !== undefined && request.transmissions > 0) this.#dispatch.outbox.settle(request);
    this.#answer(exchange, response);
    this.#dispatch.flush(now);
  }

  /** From now on an answer has to come in time. */
  awaitAnswer(exchange: OpenExchange<Exchange>, now: number): void {
    const dueAt = now + this.#responseTimeoutMilliseconds;
    // To the end of the line, wherever it was.
    this.#answerDue.delete(exchange);
    this.#answerDue.set(exchange, dueAt);
    this.#dispatch.wakeBy(dueAt);
  }

  /** Forgets the token, and stops what is under way by it. */
  release(exchange: OpenExchange<Exchange>): void {
    this.#exchanges.release(exchange);
    this.#answerDue.delete(exchange);
    if (exchange.outgoing !== undefined) this.#dispatch.outbox.abandon(exchange.outgoing);
    exchange.outgoing = undefined;
  }

  fail(exchange: OpenExchange<Exchange>, reason: DeliveryFailure): void {
    this.release(exchange);
    this.#dispatch.push({ type: "failed", exchange: exchange.owner, reason });
  }

  /** Fails those whose answer has not come in time. */
  advance(now: number): void {
    for (const [exchange, dueAt] of this.#answerDue) {
      if (dueAt > now) return;
      this.fail(exchange, "not-answered");
    }
  }

  close(reason: DeliveryFailure): void {
    for (const exchange of this.#exchanges) this.fail(exchange, reason);
  }

  #answer(exchange: OpenExchange<Exchange>, response: CoapMessage): void {
    if (exchange.outgoing !== undefined && exchange.outgoing.transmissions > 0) exchange.outgoing = undefined;
    this.#answerDue.delete(exchange);
    this.#dispatch.push({ type: "response", exchange: exchange.owner, response });
  }
}
