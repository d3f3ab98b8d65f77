import { coapCodes, kindOfCoapCode } from "../code.ts";
import type { CoapMessage } from "../message.ts";
import { hasOption, writeOption } from "../option-values.ts";
import { readCoapMessage } from "../read-message.ts";
import type { DeliveryEffect, DeliveryFailure } from "./effect.ts";
import { emptyMessage } from "./empty-message.ts";
import type { CoapDeliveryLimits } from "./limits.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import {
  blockNumberOf,
  isNotification,
  isOfRobustBlocks,
  isToEarlierBlock,
  isWorthSaying,
  type MessageContent,
} from "./message-content.ts";
import { MessageIds } from "./message-ids.ts";
import { areEqual, type OpenExchange, OpenExchanges } from "./open-exchanges.ts";
import { OpenRequests } from "./open-requests.ts";
import { Outbox } from "./outbox.ts";
import { type Delivery, type Outgoing, outgoing, type Subject, writeMessage } from "./outgoing.ts";
import { ReceivedMessages } from "./received-messages.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { SentNotifications } from "./sent-notifications.ts";
import { Slab } from "./slab.ts";
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
  /**
   * When `advance` is to be called; infinity for never. Earlier does no harm, and what was settled in the meantime does
   * not put it off, so that a caller need not set its timer anew for each message.
   */
  wakeAt = Number.POSITIVE_INFINITY;
  readonly #options: MessageLayerOptions;
  readonly #times: CoapTransmissionTimes;
  readonly #outbox: Outbox<Outgoing<Exchange, Request, Sending>>;
  readonly #exchanges: OpenExchanges<Exchange>;
  readonly #received: ReceivedMessages;
  /** When each answer has to be there, the earliest first. */
  readonly #answerDue = new Map<OpenExchange<Exchange>, number>();
  /** Answers to requests that were sent to a group, and when each is sent. */
  readonly #leisurely = new Map<Outgoing<Exchange, Request, Sending>, number>();
  /** Of what is sent and then forgotten; what is remembered for copies is copied. */
  readonly #sent = new Slab();
  readonly #open = new OpenRequests<Request>();
  readonly #notifications = new SentNotifications<Request>();
  #effects: DeliveryEffect<Exchange, Request, Sending>[] = [];

  constructor(options: MessageLayerOptions) {
    const { transmission, limits, budget, random } = options;
    this.#options = options;
    this.#times = transmissionTimes(transmission);
    const ids = new MessageIds(this.#times.exchangeLifetimeMilliseconds, random());
    this.#outbox = new Outbox(transmission, ids, random, limits.queuedMessages);
    this.#exchanges = new OpenExchanges(random);
    this.#received = new ReceivedMessages(limits.rememberedBytes, budget);
  }

  /** Whether nothing is under way: no exchange, no request, no message. What came is remembered all the same. */
  get isIdle(): boolean {
    return this.isAnswered && this.#outbox.isEmpty;
  }

  /** Whether no more than messages wait to be acknowledged or sent: neither side is about to say something new. */
  get isAnswered(): boolean {
    return this.#exchanges.size === 0 && this.#open.size === 0;
  }

  /** Begins an exchange with a token of its own. */
  open(owner: Exchange): OpenExchange<Exchange> {
    return this.#exchanges.open(owner);
  }

  /** Sends a request by the token of an exchange, or puts it in line. */
  request(
    exchange: OpenExchange<Exchange>,
    content: MessageContent,
    delivery: Delivery,
    now: number,
  ): Effects<Exchange, Request, Sending> {
    if (exchange.isReleased) return none;
    if (exchange.outgoing !== undefined) this.#outbox.abandon(exchange.outgoing);
    // Blocks that are not waited for one by one have limits of their own, in place of NSTART. RFC 9177 section 7.2.
    const isExpectant = delivery === "confirmable" || !isOfRobustBlocks(content);
    const message = this.#compose(delivery, exchange.token, content, { type: "request", exchange }, isExpectant);
    exchange.outgoing = message;
    exchange.blockNumber = blockNumberOf(content);
    this.#submit(message, now);
    return this.#take();
  }

  /** Forgets the token of an exchange, and stops what it has under way. */
  release(exchange: OpenExchange<Exchange>, now: number): Effects<Exchange, Request, Sending> {
    if (exchange.isReleased) return none;
    this.#release(exchange);
    this.#flush(now);
    return this.#take();
  }

  /** Asks whether the peer is there, by an empty message. RFC 7252 section 4.3. */
  ping(sending: Sending, now: number): Effects<Exchange, Request, Sending> {
    const empty = { code: coapCodes.Empty, options: [], payload: noBytes };
    this.#submit(this.#compose("confirmable", noBytes, empty, { type: "ping", sending }, true), now);
    return this.#take();
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
    if (received.isMulticast) {
      this.#respondToGroup(received, response, sending, now);
      return this.#take();
    }
    if (received.acknowledgeAt < Number.POSITIVE_INFINITY) {
      if (response === undefined) this.#acknowledge(received);
      else if (!this.#piggyback(received, response)) {
        this.#effects.push({ type: "not-sent", sending, reason: "too-large" });
        return this.#take();
      }
      this.#effects.push({ type: "sent", sending });
    } else if (response === undefined) {
      this.#effects.push({ type: "sent", sending });
    } else {
      this.#submit(this.#composeResponse(received, response, delivery, sending), now);
    }
    if (response !== undefined && isNotification(received, response)) received.isObserved = true;
    else this.#open.close(received);
    return this.#take();
  }

  /** Takes a datagram in. Whatever it is, nothing is thrown. Its bytes must not change any more. */
  receive(datagram: Uint8Array, now: number, isMulticast = false): Effects<Exchange, Request, Sending> {
    const reading = readCoapMessage(datagram, this.#options.limits.tokenBytes);
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
    return this.#take();
  }

  /** Does what is due. */
  advance(now: number): Effects<Exchange, Request, Sending> {
    for (const received of this.#open) {
      if (received.acknowledgeAt <= now) this.#acknowledge(received);
    }
    for (const { type, message } of this.#outbox.advance(now)) {
      if (type === "again") this.#effects.push({ type: "send", bytes: message.bytes });
      else if (message.isConfirmable && !message.isAbandoned) {
        this.#fail(message, message.unreachableTimes < 2 ? "not-acknowledged" : "unreachable");
      }
    }
    for (const [exchange, dueAt] of this.#answerDue) {
      if (dueAt > now) break;
      this.#release(exchange);
      this.#effects.push({ type: "failed", exchange: exchange.owner, reason: "not-answered" });
    }
    let leisureEndsAt = Number.POSITIVE_INFINITY;
    for (const [message, dueAt] of this.#leisurely) {
      if (dueAt > now) leisureEndsAt = Math.min(leisureEndsAt, dueAt);
      else {
        this.#leisurely.delete(message);
        if (message.subject.type === "response") this.#open.close(message.subject.received);
        this.#submit(message, now);
      }
    }
    this.#received.purge(now);
    this.#flush(now);
    const [answerAt = Number.POSITIVE_INFINITY] = this.#answerDue.values();
    const outboxAt = Math.min(this.#outbox.dueAt, this.#outbox.readyAt(now));
    this.wakeAt = Math.min(this.#open.acknowledgementAt, answerAt, leisureEndsAt, outboxAt);
    return this.#take();
  }

  /** The network says that datagrams do not arrive. What waits may be given up sooner, and only at the end of a wait. */
  unreachable(): void {
    this.#outbox.unreachable();
  }

  /** Ends all that is under way, and forgets. */
  close(reason: DeliveryFailure): Effects<Exchange, Request, Sending> {
    const waiting = [...this.#outbox.clear(), ...this.#leisurely.keys()];
    this.#leisurely.clear();
    for (const message of waiting) {
      if (!message.isAbandoned) this.#fail(message, reason);
    }
    for (const exchange of this.#exchanges) {
      this.#release(exchange);
      this.#effects.push({ type: "failed", exchange: exchange.owner, reason });
    }
    for (const received of this.#open) this.#abort(received);
    this.#received.clear();
    this.wakeAt = Number.POSITIVE_INFINITY;
    return this.#take();
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
        // Only what wants no acknowledgement may be sent to a group. RFC 7252 section 8.1.
        if (isMulticast && (type === "confirmable" || kindOfCoapCode(code) !== "request")) return;
        if (code === coapCodes.Empty) {
          this.#reset(messageId);
          return;
        }
        const copyOf = this.#received.find(messageId, now);
        if (copyOf !== undefined) {
          // What wants no acknowledgement gets none, again as before. RFC 7252 section 4.5.
          if (copyOf.reply !== undefined) this.#effects.push({ type: "send", bytes: copyOf.reply });
        } else if (kindOfCoapCode(code) === "request") this.#requested(message, now, isMulticast);
        else this.#responded(message, now);
      }
    }
  }

  /** RFC 7252 sections 4.2 and 5.2.1: an acknowledgement belongs to a message ID, and what it carries to a token, too. */
  #acknowledged(message: CoapMessage, now: number): void {
    const sent = this.#outbox.find(message.messageId);
    if (sent?.isConfirmable !== true) return;
    const { subject } = sent;
    const carriesAnswer = message.code !== coapCodes.Empty;
    if (carriesAnswer && (subject.type !== "request" || !areEqual(subject.exchange.token, message.token))) return;
    this.#outbox.settle(sent);
    switch (subject.type) {
      case "request":
        if (subject.exchange.outgoing !== sent) break;
        if (carriesAnswer) this.#answer(subject.exchange, message);
        else {
          subject.exchange.outgoing = undefined;
          this.#awaitAnswer(subject.exchange, now);
          this.#effects.push({ type: "acknowledged", exchange: subject.exchange.owner });
        }
        break;
      case "response":
      case "ping":
        this.#effects.push({ type: "sent", sending: subject.sending });
        break;
    }
    this.#flush(now);
  }

  #wasReset(messageId: number, now: number): void {
    const sent = this.#outbox.find(messageId);
    if (sent === undefined) {
      const notified = this.#notifications.find(messageId);
      if (notified !== undefined) this.#abort(notified);
      return;
    }
    this.#outbox.settle(sent);
    const { subject } = sent;
    if (subject.type === "ping") this.#effects.push({ type: "sent", sending: subject.sending });
    else if (!sent.isAbandoned) this.#fail(sent, "reset");
    this.#flush(now);
  }

  #requested(message: CoapMessage, now: number, isMulticast: boolean): void {
    const isConfirmable = message.type === "confirmable";
    if (this.#open.size >= this.#options.limits.requests) {
      // Who wants no acknowledgement may want no answer either. RFC 7252 section 5.9.3.4.
      if (isConfirmable) this.#effects.push({ type: "send", bytes: this.#overloaded(message) });
      return;
    }
    this.#remember(message, now);
    const received: ReceivedRequest<Request> = {
      message,
      isMulticast,
      owner: undefined,
      acknowledgeAt: isConfirmable
        ? now + this.#options.transmission.separateAfterMilliseconds
        : Number.POSITIVE_INFINITY,
      isObserved: false,
      isOver: false,
    };
    this.#open.add(received);
    this.#wakeBy(received.acknowledgeAt);
    if (hasOption(message, "observe")) this.#observed(received);
    this.#effects.push({ type: "request", received });
  }

  /** Not remembered: a copy may come when there is room again. */
  #overloaded({ messageId, token }: CoapMessage): Uint8Array {
    return writeMessage("acknowledgement", messageId, token, overloaded, this.#sent);
  }

  #observed(received: ReceivedRequest<Request>): void {
    const before = this.#open.observe(received);
    if (before === undefined) return;
    if (before.acknowledgeAt < Number.POSITIVE_INFINITY) this.#acknowledge(before);
    this.#abort(before);
  }

  #responded(message: CoapMessage, now: number): void {
    const exchange = this.#exchanges.find(message.token);
    if (exchange === undefined) {
      // Also where no acknowledgement is wanted: whoever notifies shall know that it need not. RFC 7641 section 3.5.
      this.#reset(message.messageId);
      return;
    }
    this.#remember(message, now);
    if (message.type === "confirmable") {
      const reply = emptyMessage("acknowledgement", message.messageId);
      this.#received.replyTo(message.messageId, reply);
      this.#effects.push({ type: "send", bytes: reply });
    }
    if (isToEarlierBlock(exchange, message)) return;
    // An answer acknowledges its request, if the acknowledgement was lost. RFC 7252 section 5.2.2.
    if (exchange.outgoing !== undefined && exchange.outgoing.transmissions > 0) this.#outbox.settle(exchange.outgoing);
    this.#answer(exchange, message);
    this.#flush(now);
  }

  #answer(exchange: OpenExchange<Exchange>, response: CoapMessage): void {
    if (exchange.outgoing !== undefined && exchange.outgoing.transmissions > 0) exchange.outgoing = undefined;
    this.#answerDue.delete(exchange);
    this.#effects.push({ type: "response", exchange: exchange.owner, response });
  }

  #remember({ type, messageId }: CoapMessage, now: number): void {
    const { exchangeLifetimeMilliseconds, nonLifetimeMilliseconds } = this.#times;
    const lifetime = type === "confirmable" ? exchangeLifetimeMilliseconds : nonLifetimeMilliseconds;
    this.#received.add(messageId, lifetime, now);
  }

  #compose(
    type: Delivery,
    token: Uint8Array,
    content: MessageContent,
    subject: Subject<Exchange, Request, Sending>,
    isExpectant: boolean,
  ): Outgoing<Exchange, Request, Sending> {
    return outgoing(type, token, content, subject, isExpectant, this.#sent);
  }

  #submit(message: Outgoing<Exchange, Request, Sending>, now: number): void {
    if (message.bytes.length > this.#options.maxMessageBytes) this.#fail(message, "too-large");
    else if (!this.#outbox.add(message)) this.#fail(message, "queue-full");
    else this.#flush(now);
  }

  /** Sends what may be sent. */
  #flush(now: number): void {
    for (let message = this.#outbox.next(now); message !== undefined; message = this.#outbox.next(now)) {
      this.#effects.push({ type: "send", bytes: message.bytes });
      const { subject } = message;
      if (message.isExpectant) this.#wakeBy(message.dueAt);
      if (subject.type === "request" && !message.isConfirmable) this.#awaitAnswer(subject.exchange, now);
      if (subject.type === "response" && !message.isConfirmable) {
        if (!subject.received.isOver) this.#notifications.add(message.messageId, subject.received);
        this.#effects.push({ type: "sent", sending: subject.sending });
      }
    }
    this.#wakeBy(this.#outbox.readyAt(now));
  }

  /** Each of a group answers at a time of its own, so that not all do at once. RFC 7252 section 8.2. */
  #respondToGroup(
    received: ReceivedRequest<Request>,
    response: MessageContent | undefined,
    sending: Sending,
    now: number,
  ): void {
    if (response === undefined || !isWorthSaying(received, response)) {
      this.#open.close(received);
      this.#effects.push({ type: "sent", sending });
      return;
    }
    const { transmission, random } = this.#options;
    const dueAt = now + transmission.defaultLeisureMilliseconds * (random() / 2 ** 32);
    this.#leisurely.set(this.#composeResponse(received, response, "non-confirmable", sending), dueAt);
    this.#wakeBy(dueAt);
  }

  #composeResponse(
    received: ReceivedRequest<Request>,
    response: MessageContent,
    delivery: Delivery,
    sending: Sending,
  ): Outgoing<Exchange, Request, Sending> {
    const subject = { type: "response", received, sending } as const;
    return this.#compose(delivery, received.message.token, response, subject, delivery === "confirmable");
  }

  #awaitAnswer(exchange: OpenExchange<Exchange>, now: number): void {
    const dueAt = now + this.#options.transmission.responseTimeoutMilliseconds;
    // To the end of the line, wherever it was.
    this.#answerDue.delete(exchange);
    this.#answerDue.set(exchange, dueAt);
    this.#wakeBy(dueAt);
  }

  #fail({ subject }: Outgoing<Exchange, Request, Sending>, reason: DeliveryFailure): void {
    switch (subject.type) {
      case "request":
        this.#release(subject.exchange);
        this.#effects.push({ type: "failed", exchange: subject.exchange.owner, reason });
        return;
      case "response":
        // One that cannot be sent has not shown that the peer is gone. RFC 7252 section 4.2, RFC 7641 section 4.5.
        if (reason !== "too-large" && reason !== "queue-full") this.#abort(subject.received);
        this.#effects.push({ type: "not-sent", sending: subject.sending, reason });
        return;
      case "ping":
        this.#effects.push({ type: "not-sent", sending: subject.sending, reason });
    }
  }

  #release(exchange: OpenExchange<Exchange>): void {
    this.#exchanges.release(exchange);
    this.#answerDue.delete(exchange);
    if (exchange.outgoing !== undefined) this.#outbox.abandon(exchange.outgoing);
    exchange.outgoing = undefined;
  }

  #acknowledge(received: ReceivedRequest<Request>): void {
    this.#reply(received, emptyMessage("acknowledgement", received.message.messageId));
  }

  /** Tells whether the response fits. */
  #piggyback(received: ReceivedRequest<Request>, response: MessageContent): boolean {
    const { messageId, token } = received.message;
    const bytes = writeMessage("acknowledgement", messageId, token, response, this.#sent);
    if (bytes.length > this.#options.maxMessageBytes) return false;
    this.#reply(received, bytes);
    return true;
  }

  #reply(received: ReceivedRequest<Request>, bytes: Uint8Array): void {
    received.acknowledgeAt = Number.POSITIVE_INFINITY;
    this.#received.replyTo(received.message.messageId, bytes);
    this.#effects.push({ type: "send", bytes });
  }

  #reset(messageId: number): void {
    this.#effects.push({ type: "send", bytes: emptyMessage("reset", messageId) });
  }

  #abort(received: ReceivedRequest<Request>): void {
    if (received.isOver) return;
    this.#open.close(received);
    this.#effects.push({ type: "request-over", received });
  }

  #wakeBy(time: number): void {
    if (time < this.wakeAt) this.wakeAt = time;
  }

  #take(): Effects<Exchange, Request, Sending> {
    const effects = this.#effects;
    if (effects.length === 0) return none;
    this.#effects = [];
    return effects;
  }
}

type Effects<Exchange, Request, Sending> = readonly DeliveryEffect<Exchange, Request, Sending>[];

/** Max-Age says when to try again. */
const overloaded: MessageContent = {
  code: coapCodes["Service Unavailable"],
  options: [writeOption("maxAge", 1)],
  payload: new Uint8Array(0),
};
const noBytes = new Uint8Array(0);
const none = [] as const;
