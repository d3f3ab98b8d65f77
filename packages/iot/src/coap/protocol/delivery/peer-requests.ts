import { coapCodes } from "../code.ts";
import type { CoapMessage } from "../message.ts";
import { hasOption, writeOption } from "../option-values.ts";
import type { Dispatch } from "./dispatch.ts";
import type { DeliveryFailure } from "./effect.ts";
import { emptyMessage } from "./empty-message.ts";
import { isNotification, isWorthSaying, type MessageContent } from "./message-content.ts";
import { OpenRequests } from "./open-requests.ts";
import { type Delivery, outgoing, type Outgoing, writeMessage } from "./outgoing.ts";
import type { ReceivedMessages } from "./received-messages.ts";
import type { ReceivedRequest } from "./received-request.ts";
import { SentNotifications } from "./sent-notifications.ts";

/** How requests are answered. */
export interface PeerRequestsOptions {
  /** How many may be open. */
  readonly limit: number;
  readonly separateAfterMilliseconds: number;
  readonly leisureMilliseconds: number;
  /** Gives integers from 0 to 2^32 - 1 that nobody can foretell. */
  readonly random: () => number;
}

/**
 * What the peer asks: its requests until nothing more is to be said to them, the acknowledgements that are owed, and the
 * answers.
 *
 * @see RFC 7252 sections 4.2, 5.2 and 8.2
 */
export class PeerRequests<Exchange, Request, Sending> {
  readonly #dispatch: Dispatch<Exchange, Request, Sending>;
  readonly #received: ReceivedMessages;
  readonly #options: PeerRequestsOptions;
  readonly #open = new OpenRequests<Request>();
  readonly #notifications = new SentNotifications<Request>();
  /** Answers to requests that were sent to a group, and when each is sent. */
  readonly #leisurely = new Map<Outgoing<Exchange, Request, Sending>, number>();

  /** @param received notes what is said to a message, for its copies */
  constructor(
    dispatch: Dispatch<Exchange, Request, Sending>,
    received: ReceivedMessages,
    options: PeerRequestsOptions,
  ) {
    this.#dispatch = dispatch;
    this.#received = received;
    this.#options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  get isFull(): boolean {
    return this.#open.size >= this.#options.limit;
  }

  /** When the first of the acknowledgements is owed; infinity for none. */
  get acknowledgementAt(): number {
    return this.#open.acknowledgementAt;
  }

  /** A request came that did not come before. */
  add(message: CoapMessage, now: number, isMulticast: boolean): void {
    const isConfirmable = message.type === "confirmable";
    const received: ReceivedRequest<Request> = {
      message,
      isMulticast,
      owner: undefined,
      acknowledgeAt: isConfirmable ? now + this.#options.separateAfterMilliseconds : Number.POSITIVE_INFINITY,
      isObserved: false,
      isOver: false,
    };
    this.#open.add(received);
    this.#dispatch.wakeBy(received.acknowledgeAt);
    if (hasOption(message, "observe")) this.#observe(received);
    this.#dispatch.push({ type: "request", received });
  }

  /** Says that there are too many. It is not remembered: a copy may come when there is room again. */
  refuse({ type, messageId, token }: CoapMessage): void {
    // Who wants no acknowledgement may want no answer either. RFC 7252 section 5.9.3.4.
    if (type !== "confirmable") return;
    this.#dispatch.send(writeMessage("acknowledgement", messageId, token, overloaded, this.#dispatch.slab));
  }

  /** The first answer rides on the acknowledgement, if that was not sent yet; others are messages of their own. */
  respond(
    received: ReceivedRequest<Request>,
    response: MessageContent | undefined,
    delivery: Delivery,
    sending: Sending,
    now: number,
  ): void {
    if (received.isMulticast) {
      this.#respondToGroup(received, response, sending, now);
      return;
    }
    if (received.acknowledgeAt < Number.POSITIVE_INFINITY) {
      if (response === undefined) this.#acknowledge(received);
      else if (!this.#piggyback(received, response)) {
        this.#dispatch.push({ type: "not-sent", sending, reason: "too-large" });
        return;
      }
      this.#dispatch.push({ type: "sent", sending });
    } else if (response === undefined) {
      this.#dispatch.push({ type: "sent", sending });
    } else {
      this.#submit(this.#compose(received, response, delivery, sending), now);
    }
    if (response !== undefined && isNotification(received, response)) received.isObserved = true;
    else this.#open.close(received);
  }

  /** A message that wants no acknowledgement has left the line. */
  sent({ messageId, subject }: Outgoing<Exchange, Request, Sending>): void {
    if (subject.type !== "response") return;
    if (!subject.received.isOver) this.#notifications.add(messageId, subject.received);
    this.#dispatch.push({ type: "sent", sending: subject.sending });
  }

  /** A message was rejected that is under way no more: one of those that want no acknowledgement. */
  wasReset(messageId: number): void {
    const notified = this.#notifications.find(messageId);
    if (notified !== undefined) this.#abort(notified);
  }

  fail(received: ReceivedRequest<Request>, sending: Sending, reason: DeliveryFailure): void {
    // One that cannot be sent has not shown that the peer is gone. RFC 7252 section 4.2, RFC 7641 section 4.5.
    if (reason !== "too-large" && reason !== "queue-full") this.#abort(received);
    this.#dispatch.push({ type: "not-sent", sending, reason });
  }

  /** Sends the acknowledgements that are owed. */
  acknowledgeDue(now: number): void {
    for (const received of this.#open) {
      if (received.acknowledgeAt <= now) this.#acknowledge(received);
    }
  }

  /** Sends the answers to groups that are due; tells when the next one is. */
  answerDue(now: number): number {
    let nextAt = Number.POSITIVE_INFINITY;
    for (const [message, dueAt] of this.#leisurely) {
      if (dueAt > now) nextAt = Math.min(nextAt, dueAt);
      else {
        this.#leisurely.delete(message);
        if (message.subject.type === "response") this.#open.close(message.subject.received);
        this.#submit(message, now);
      }
    }
    return nextAt;
  }

  /** Takes the answers to groups out that were not sent. */
  clearLeisurely(): readonly Outgoing<Exchange, Request, Sending>[] {
    const messages = [...this.#leisurely.keys()];
    this.#leisurely.clear();
    return messages;
  }

  close(): void {
    for (const received of this.#open) this.#abort(received);
  }

  #observe(received: ReceivedRequest<Request>): void {
    const before = this.#open.observe(received);
    if (before === undefined) return;
    if (before.acknowledgeAt < Number.POSITIVE_INFINITY) this.#acknowledge(before);
    this.#abort(before);
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
      this.#dispatch.push({ type: "sent", sending });
      return;
    }
    const { leisureMilliseconds, random } = this.#options;
    const dueAt = now + leisureMilliseconds * (random() / 2 ** 32);
    this.#leisurely.set(this.#compose(received, response, "non-confirmable", sending), dueAt);
    this.#dispatch.wakeBy(dueAt);
  }

  #compose(
    received: ReceivedRequest<Request>,
    response: MessageContent,
    delivery: Delivery,
    sending: Sending,
  ): Outgoing<Exchange, Request, Sending> {
    const subject = { type: "response", received, sending } as const;
    const { token } = received.message;
    return outgoing(delivery, token, response, subject, delivery === "confirmable", this.#dispatch.slab);
  }

  #submit(message: Outgoing<Exchange, Request, Sending>, now: number): void {
    const { subject } = message;
    const failure = this.#dispatch.submit(message, now);
    if (failure !== undefined && subject.type === "response") this.fail(subject.received, subject.sending, failure);
  }

  #acknowledge(received: ReceivedRequest<Request>): void {
    this.#reply(received, emptyMessage("acknowledgement", received.message.messageId));
  }

  /** Tells whether the response fits. */
  #piggyback(received: ReceivedRequest<Request>, response: MessageContent): boolean {
    const { messageId, token } = received.message;
    const bytes = writeMessage("acknowledgement", messageId, token, response, this.#dispatch.slab);
    if (this.#dispatch.isTooLarge(bytes)) return false;
    this.#reply(received, bytes);
    return true;
  }

  #reply(received: ReceivedRequest<Request>, bytes: Uint8Array): void {
    received.acknowledgeAt = Number.POSITIVE_INFINITY;
    this.#received.replyTo(received.message.messageId, bytes);
    this.#dispatch.send(bytes);
  }

  #abort(received: ReceivedRequest<Request>): void {
    if (received.isOver) return;
    this.#open.close(received);
    this.#dispatch.push({ type: "request-over", received });
  }
}

/** Max-Age says when to try again. */
const overloaded: MessageContent = {
  code: coapCodes["Service Unavailable"],
  options: [writeOption("maxAge", 1)],
  payload: new Uint8Array(0),
};
