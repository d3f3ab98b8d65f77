import { coapCodes, kindOfCoapCode } from "../code.ts";
import type { CoapMessage } from "../message.ts";
import { readCoapMessage } from "../read-message.ts";
import { Dispatch } from "./dispatch.ts";
import type { DeliveryEffect, DeliveryFailure } from "./effect.ts";
import { emptyMessage } from "./empty-message.ts";
import type { CoapDeliveryLimits } from "./limits.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import type { MessageContent } from "./message-content.ts";
import { areEqual, type OpenExchange } from "./open-exchanges.ts";
import { type Delivery, type Outgoing, outgoing } from "./outgoing.ts";
import { OwnExchanges } from "./own-exchanges.ts";
import { PeerRequests } from "./peer-requests.ts";
import { ReceivedMessages } from "./received-messages.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { type CoapTransmission, type CoapTransmissionTimes, transmissionTimes } from "./transmission.ts";

/** What a message layer is made of. */
export interface MessageLayerOptions {
  readonly transmission: CoapTransmission;
  readonly limits: CoapDeliveryLimits;
  /** Shared with other peers' layers. */
  readonly budget: MemoryBudget;
  /** Bytes of the largest datagram. */
  readonly maxMessageBytes: number;
  /** Gives integers from 0 to 2^32 - 1 that nobody can foretell. */
  readonly random: () => number;
}

/**
 * The message layer of one path: what is asked and answered goes in and comes out, datagrams come in and go out, each
 * thing at a time that the caller tells, in milliseconds of a clock that only goes forward. It waits for nothing itself:
 * the caller calls `advance` at `wakeAt`.
 *
 * The three type parameters are what the caller wants to find again: of an exchange that it opened, of a request that it
 * answers, of an answer that it waits to be delivered.
 *
 * @see RFC 7252 section 4 and sections 5.2 and 5.3
 */
export class MessageLayer<Exchange, Request, Sending> {
  readonly #times: CoapTransmissionTimes;
  readonly #longestToken: number;
  readonly #dispatch: Dispatch<Exchange, Request, Sending>;
  readonly #received: ReceivedMessages;
  readonly #own: OwnExchanges<Exchange, Request, Sending>;
  readonly #peer: PeerRequests<Exchange, Request, Sending>;

  constructor({ transmission, limits, budget, maxMessageBytes, random }: MessageLayerOptions) {
    const { queuedMessages, rememberedBytes, requests, tokenBytes } = limits;
    const { responseTimeoutMilliseconds, separateAfterMilliseconds, defaultLeisureMilliseconds } = transmission;
    this.#times = transmissionTimes(transmission);
    this.#longestToken = tokenBytes;
    const messageIdLifetimeMilliseconds = this.#times.exchangeLifetimeMilliseconds;
    this.#dispatch = new Dispatch(
      { transmission, messageIdLifetimeMilliseconds, queuedMessages, maxMessageBytes, random },
      (message, now) => this.#sent(message, now),
    );
    this.#received = new ReceivedMessages(rememberedBytes, budget);
    this.#own = new OwnExchanges(this.#dispatch, responseTimeoutMilliseconds, random);
    const leisureMilliseconds = defaultLeisureMilliseconds;
    const answering = { limit: requests, separateAfterMilliseconds, leisureMilliseconds, random };
    this.#peer = new PeerRequests(this.#dispatch, this.#received, answering);
  }

  /**
   * When `advance` is to be called; infinity for never. Earlier does no harm, and what was settled in the meantime does
   * not put it off, so that a caller need not set its timer anew for each message.
   */
  get wakeAt(): number {
    return this.#dispatch.wakeAt;
  }

  /** Whether nothing is under way: no exchange, no request, no message. What came is remembered all the same. */
  get isIdle(): boolean {
    return this.isAnswered && this.#dispatch.outbox.isEmpty;
  }

  /** Whether no more than messages wait to be acknowledged or sent: neither side is about to say something new. */
  get isAnswered(): boolean {
    return this.#own.size === 0 && this.#peer.size === 0;
  }

  /** Begins an exchange with a token of its own. */
  open(owner: Exchange): OpenExchange<Exchange> {
    return this.#own.open(owner);
  }

  /** Sends a request by the token of an exchange, or puts it in line. */
  request(
    exchange: OpenExchange<Exchange>,
    content: MessageContent,
    delivery: Delivery,
    now: number,
  ): Effects<Exchange, Request, Sending> {
    if (!exchange.isReleased) this.#own.request(exchange, content, delivery, now);
    return this.#dispatch.take();
  }

  /** Forgets the token of an exchange, and stops what it has under way. */
  release(exchange: OpenExchange<Exchange>, now: number): Effects<Exchange, Request, Sending> {
    if (!exchange.isReleased) {
      this.#own.release(exchange);
      this.#dispatch.flush(now);
    }
    return this.#dispatch.take();
  }

  /** Asks whether the peer is there, by an empty message. RFC 7252 section 4.3. */
  ping(sending: Sending, now: number): Effects<Exchange, Request, Sending> {
    const empty = { code: coapCodes.Empty, options: [], payload: noBytes };
    const subject = { type: "ping", sending } as const;
    const { slab } = this.#dispatch;
    const reason = this.#dispatch.submit(outgoing("confirmable", noBytes, empty, subject, true, slab), now);
    if (reason !== undefined) this.#dispatch.push({ type: "not-sent", sending, reason });
    return this.#dispatch.take();
  }

  /**
   * Answers a request; `undefined` says no more than that it came. The first answer rides on the acknowledgement, if that
   * was not sent yet; others are messages of their own.
   */
  respond(
    received: ReceivedRequest<Request>,
    response: MessageContent | undefined,
    delivery: Delivery,
    sending: Sending,
    now: number,
  ): Effects<Exchange, Request, Sending> {
    this.#peer.respond(received, response, delivery, sending, now);
    return this.#dispatch.take();
  }

  /** Takes a datagram in. Whatever it is, nothing is thrown. Its bytes must not change any more. */
  receive(datagram: Uint8Array, now: number, isMulticast = false): Effects<Exchange, Request, Sending> {
    const reading = readCoapMessage(datagram, this.#longestToken);
    switch (reading.type) {
      case "message":
        this.#receive(reading.message, now, isMulticast);
        break;
      case "malformed":
        // RFC 7252 sections 4.2 and 4.3; to what was sent to a group nothing is said (section 8.1).
        if (reading.header?.type === "confirmable" && !isMulticast) this.#reset(reading.header.messageId);
        break;
      case "other-version":
        break;
    }
    return this.#dispatch.take();
  }

  /** Does what is due. */
  advance(now: number): Effects<Exchange, Request, Sending> {
    const { outbox } = this.#dispatch;
    this.#peer.acknowledgeDue(now);
    for (const { type, message } of outbox.advance(now)) {
      if (type === "again") this.#dispatch.send(message.bytes);
      else if (message.isConfirmable && !message.isAbandoned) {
        this.#fail(message, message.unreachableTimes < 2 ? "not-acknowledged" : "unreachable");
      }
    }
    this.#own.advance(now);
    const leisureEndsAt = this.#peer.answerDue(now);
    this.#received.purge(now);
    this.#dispatch.flush(now);
    const outboxAt = Math.min(outbox.dueAt, outbox.readyAt(now));
    this.#dispatch.wakeAt = Math.min(this.#peer.acknowledgementAt, this.#own.answerAt, leisureEndsAt, outboxAt);
    return this.#dispatch.take();
  }

  /** The network says that datagrams do not arrive. What waits may be given up sooner, and only at the end of a wait. */
  unreachable(): void {
    this.#dispatch.outbox.unreachable();
  }

  /** Ends all that is under way, and forgets. */
  close(reason: DeliveryFailure): Effects<Exchange, Request, Sending> {
    for (const message of [...this.#dispatch.outbox.clear(), ...this.#peer.clearLeisurely()]) {
      if (!message.isAbandoned) this.#fail(message, reason);
    }
    this.#own.close(reason);
    this.#peer.close();
    this.#received.clear();
    this.#dispatch.wakeAt = Number.POSITIVE_INFINITY;
    return this.#dispatch.take();
  }

  #receive(message: CoapMessage, now: number, isMulticast: boolean): void {
    const { type, code, messageId } = message;
    switch (type) {
      case "acknowledgement":
        this.#acknowledged(message, now);
        return;
      case "reset":
        this.#wasReset(messageId, now);
        return;
      case "confirmable":
      case "non-confirmable": {
        const isRequest = kindOfCoapCode(code) === "request";
        // Only what wants no acknowledgement may be sent to a group. RFC 7252 section 8.1.
        if (isMulticast && (type === "confirmable" || !isRequest)) return;
        if (code === coapCodes.Empty) {
          this.#reset(messageId);
          return;
        }
        const copyOf = this.#received.find(messageId, now);
        if (copyOf !== undefined) {
          // What wants no acknowledgement gets none, again as before. RFC 7252 section 4.5.
          if (copyOf.reply !== undefined) this.#dispatch.send(copyOf.reply);
        } else if (!isRequest) this.#responded(message, now);
        else if (this.#peer.isFull) this.#peer.refuse(message);
        else {
          this.#remember(message, now);
          this.#peer.add(message, now, isMulticast);
        }
      }
    }
  }

  /** RFC 7252 sections 4.2 and 5.2.1: an acknowledgement belongs to a message ID, and what it carries to a token, too. */
  #acknowledged(message: CoapMessage, now: number): void {
    const sent = this.#dispatch.outbox.find(message.messageId);
    if (sent?.isConfirmable !== true) return;
    const { subject } = sent;
    const answer = message.code === coapCodes.Empty ? undefined : message;
    if (answer && (subject.type !== "request" || !areEqual(subject.exchange.token, answer.token))) return;
    this.#dispatch.outbox.settle(sent);
    switch (subject.type) {
      case "request":
        this.#own.acknowledged(sent, answer, now);
        break;
      case "response":
      case "ping":
        this.#dispatch.push({ type: "sent", sending: subject.sending });
        break;
    }
    this.#dispatch.flush(now);
  }

  #wasReset(messageId: number, now: number): void {
    const sent = this.#dispatch.outbox.find(messageId);
    if (sent === undefined) {
      this.#peer.wasReset(messageId);
      return;
    }
    this.#dispatch.outbox.settle(sent);
    const { subject } = sent;
    if (subject.type === "ping") this.#dispatch.push({ type: "sent", sending: subject.sending });
    else if (!sent.isAbandoned) this.#fail(sent, "reset");
    this.#dispatch.flush(now);
  }

  #responded(message: CoapMessage, now: number): void {
    const exchange = this.#own.find(message.token);
    if (exchange === undefined) {
      // Also where no acknowledgement is wanted: whoever notifies shall know that it need not. RFC 7641 section 3.5.
      this.#reset(message.messageId);
      return;
    }
    this.#remember(message, now);
    if (message.type === "confirmable") {
      const reply = emptyMessage("acknowledgement", message.messageId);
      this.#received.replyTo(message.messageId, reply);
      this.#dispatch.send(reply);
    }
    this.#own.answered(exchange, message, now);
  }

  #remember({ type, messageId }: CoapMessage, now: number): void {
    const { exchangeLifetimeMilliseconds, nonLifetimeMilliseconds } = this.#times;
    const lifetime = type === "confirmable" ? exchangeLifetimeMilliseconds : nonLifetimeMilliseconds;
    this.#received.add(messageId, lifetime, now);
  }

  #reset(messageId: number): void {
    this.#dispatch.send(emptyMessage("reset", messageId));
  }

  /** Whoever waits for nothing more of a message that has left the line, is told so. */
  #sent(message: Outgoing<Exchange, Request, Sending>, now: number): void {
    if (message.isConfirmable) return;
    const { subject } = message;
    if (subject.type === "request") this.#own.awaitAnswer(subject.exchange, now);
    else this.#peer.sent(message);
  }

  #fail({ subject }: Outgoing<Exchange, Request, Sending>, reason: DeliveryFailure): void {
    switch (subject.type) {
      case "request":
        this.#own.fail(subject.exchange, reason);
        return;
      case "response":
        this.#peer.fail(subject.received, subject.sending, reason);
        return;
      case "ping":
        this.#dispatch.push({ type: "not-sent", sending: subject.sending, reason });
    }
  }
}

type Effects<Exchange, Request, Sending> = readonly DeliveryEffect<Exchange, Request, Sending>[];

const noBytes = new Uint8Array(0);
