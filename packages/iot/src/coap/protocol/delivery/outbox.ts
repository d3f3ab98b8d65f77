import type { MessageIds } from "./message-ids.ts";
import type { CoapTransmission } from "./transmission.ts";

/** One message of ours that has a message ID of its own: a request, an answer that no acknowledgement carries, a ping. */
export interface OutgoingMessage {
  /** The whole datagram. Its message ID is written into it when it is sent. */
  readonly bytes: Uint8Array;
  readonly isConfirmable: boolean;
  /** Whether a word of the peer's is expected to it: of those NSTART may be under way at once. */
  readonly isExpectant: boolean;
  messageId: number;
  /** How often it was sent; 0 while it waits for its turn. */
  transmissions: number;
  /** How long the wait is that runs, and when it ends. */
  waitMilliseconds: number;
  dueAt: number;
  /** Nobody cares any more: it is not sent again, and keeps its place until its wait ends. */
  isAbandoned: boolean;
  /** The network has said of so many transmissions in a row that they did not arrive. */
  unreachableTimes: number;
}

/** What becomes of a message whose wait has ended. */
export type OutboxEvent<Message> =
  | { readonly type: "again"; readonly message: Message }
  /** It keeps no place any more. What was abandoned, or wants no acknowledgement, has not failed by that. */
  | { readonly type: "given-up"; readonly message: Message };

/**
 * The messages of ours to one peer: those that wait for their turn, and those that wait for a word.
 *
 * Confirmable messages are repeated, each wait twice as long as the last (RFC 7252 section 4.2). NSTART and PROBING_RATE
 * (section 4.7) bound what is under way: a request that wants no acknowledgement keeps its place for one wait, and while
 * the peer is silent the next one of its kind is not sent before the rate allows it.
 */
export class Outbox<Message extends OutgoingMessage> {
  readonly #transmission: CoapTransmission;
  readonly #ids: MessageIds;
  readonly #random: () => number;
  readonly #limit: number;
  readonly #underWay = new Map<number, Message>();
  readonly #queue: Message[] = [];
  #expected = 0;
  /** When what was sent without a word from the peer is within the rate. */
  #probingUntil = Number.NEGATIVE_INFINITY;

  constructor(transmission: CoapTransmission, ids: MessageIds, random: () => number, limit: number) {
    this.#transmission = transmission;
    this.#ids = ids;
    this.#random = random;
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#underWay.size === 0 && this.#queue.length === 0;
  }

  /** When the next wait ends; infinity if none runs. */
  get dueAt(): number {
    let at = Number.POSITIVE_INFINITY;
    for (const { dueAt } of this.#underWay.values()) at = Math.min(at, dueAt);
    return at;
  }

  /** When time alone lets `next` send something; infinity if nothing waits, or if what waits does so for a word. */
  readyAt(now: number): number {
    if (this.#queue.length === 0) return Number.POSITIVE_INFINITY;
    if (this.#ids.freeAt > now) return this.#ids.freeAt;
    return this.#expected < this.#transmission.nstart ? this.#probingUntil : Number.POSITIVE_INFINITY;
  }

  /** Puts a message in line; tells whether there was room for it. */
  add(message: Message): boolean {
    if (this.#queue.length >= this.#limit) return false;
    this.#queue.push(message);
    return true;
  }

  /** The next message that may be sent now, as sent. */
  next(now: number): Message | undefined {
    if (this.#queue.length === 0 || this.#ids.freeAt > now) return undefined;
    const { nstart, ackTimeoutMilliseconds, ackRandomFactor, probingRateBytesPerSecond } = this.#transmission;
    const hasRoom = this.#expected < nstart;
    const mayGo = (each: Message): boolean =>
      !each.isExpectant || (hasRoom && (!isProbe(each) || this.#probingUntil <= now));
    const index = this.#queue.findIndex(mayGo);
    const message = index === 0 ? this.#queue.shift() : index > 0 ? this.#queue.splice(index, 1)[0] : undefined;
    const messageId = message && this.#ids.take(now);
    if (message === undefined || messageId === undefined) return undefined;
    message.messageId = messageId;
    message.bytes[2] = messageId >> 8;
    message.bytes[3] = messageId & 255;
    message.transmissions = 1;
    if (!message.isExpectant) return message;
    message.waitMilliseconds = ackTimeoutMilliseconds * (1 + (ackRandomFactor - 1) * (this.#random() / 2 ** 32));
    message.dueAt = now + message.waitMilliseconds;
    if (isProbe(message)) this.#probingUntil = now + (message.bytes.length / probingRateBytesPerSecond) * 1_000;
    this.#underWay.set(messageId, message);
    this.#expected += 1;
    return message;
  }

  find(messageId: number): Message | undefined {
    return this.#underWay.get(messageId);
  }

  /** The peer has said something to a message that is under way. */
  settle(message: OutgoingMessage): void {
    this.#probingUntil = Number.NEGATIVE_INFINITY;
    this.#leave(message);
  }

  /** Nobody waits for a message any more. */
  abandon(message: OutgoingMessage): void {
    message.isAbandoned = true;
    const index = this.#queue.findIndex((each) => each === message);
    if (index >= 0) this.#queue.splice(index, 1);
  }

  /**
   * Tells what becomes of those whose wait has ended: each is to be sent again, or has left.
   *
   * A message of which the network has said twice that it did not arrive is given up at the end of its wait and not
   * before: nobody vouches for what the network says.
   */
  advance(now: number): readonly OutboxEvent<Message>[] {
    const events: OutboxEvent<Message>[] = [];
    for (const message of this.#underWay.values()) {
      if (message.dueAt > now) continue;
      const { isConfirmable, isAbandoned, transmissions, unreachableTimes } = message;
      const isRepeated =
        isConfirmable && !isAbandoned && transmissions <= this.#transmission.maxRetransmit && unreachableTimes < 2;
      if (isRepeated) {
        message.transmissions += 1;
        message.waitMilliseconds *= 2;
        message.dueAt = now + message.waitMilliseconds;
        events.push({ type: "again", message });
      } else {
        this.#leave(message);
        events.push({ type: "given-up", message });
      }
    }
    return events;
  }

  /** The network says that datagrams do not arrive. */
  unreachable(): void {
    for (const message of this.#underWay.values()) {
      message.unreachableTimes = Math.min(message.unreachableTimes + 1, message.transmissions);
    }
  }

  /** Takes all messages out. */
  clear(): readonly Message[] {
    const all = [...this.#underWay.values(), ...this.#queue];
    this.#underWay.clear();
    this.#queue.length = 0;
    this.#expected = 0;
    return all;
  }

  #leave(message: OutgoingMessage): void {
    if (this.#underWay.get(message.messageId) !== message) return;
    this.#underWay.delete(message.messageId);
    this.#expected -= 1;
  }
}

/** Whether it is sent once, whether or not anybody is there. */
function isProbe(message: OutgoingMessage): boolean {
  return message.isExpectant && !message.isConfirmable;
}
