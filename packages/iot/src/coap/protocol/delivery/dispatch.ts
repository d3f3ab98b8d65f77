import type { CoapTransmission } from "./transmission.ts";
import type { DeliveryEffect, DeliveryFailure } from "./effect.ts";
import { MessageIds } from "./message-ids.ts";
import { Outbox } from "./outbox.ts";
import type { Outgoing } from "./outgoing.ts";
import { Slab } from "./slab.ts";

/** How messages are sent. */
export interface DispatchOptions {
  readonly transmission: CoapTransmission;
  /** EXCHANGE_LIFETIME. */
  readonly messageIdLifetimeMilliseconds: number;
  readonly queuedMessages: number;
  readonly maxMessageBytes: number;
  readonly random: () => number;
}

/** What is to be done: effects in their order, messages in line, and when to look again. */
export class Dispatch<Exchange, Request, Sending> {
  wakeAt = Number.POSITIVE_INFINITY;
  readonly outbox: Outbox<Outgoing<Exchange, Request, Sending>>;
  /** Bytes of what is sent and then forgotten. */
  readonly slab = new Slab();
  readonly #maxMessageBytes: number;
  readonly #onSent: (message: Outgoing<Exchange, Request, Sending>, now: number) => void;
  #effects: DeliveryEffect<Exchange, Request, Sending>[] = [];

  /** @param onSent is told of each message that has left the line */
  constructor(options: DispatchOptions, onSent: (message: Outgoing<Exchange, Request, Sending>, now: number) => void) {
    const { transmission, messageIdLifetimeMilliseconds, queuedMessages, maxMessageBytes, random } = options;
    const ids = new MessageIds(messageIdLifetimeMilliseconds, random());
    this.outbox = new Outbox(transmission, ids, random, queuedMessages);
    this.#maxMessageBytes = maxMessageBytes;
    this.#onSent = onSent;
  }

  push(effect: DeliveryEffect<Exchange, Request, Sending>): void {
    this.#effects.push(effect);
  }

  send(bytes: Uint8Array): void {
    this.#effects.push({ type: "send", bytes });
  }

  /** Whether a message of so many bytes is too large for a datagram. */
  isTooLarge(bytes: Uint8Array): boolean {
    return bytes.length > this.#maxMessageBytes;
  }

  /** Puts a message in line, and sends what may be sent; tells why it cannot be in line. */
  submit(message: Outgoing<Exchange, Request, Sending>, now: number): DeliveryFailure | undefined {
    if (this.isTooLarge(message.bytes)) return "too-large";
    if (!this.outbox.add(message)) return "queue-full";
    this.flush(now);
    return undefined;
  }

  /** Sends what may be sent. */
  flush(now: number): void {
    for (let message = this.outbox.next(now); message !== undefined; message = this.outbox.next(now)) {
      this.send(message.bytes);
      if (message.isExpectant) this.wakeBy(message.dueAt);
      this.#onSent(message, now);
    }
    this.wakeBy(this.outbox.readyAt(now));
  }

  wakeBy(time: number): void {
    if (time < this.wakeAt) this.wakeAt = time;
  }

  /** The effects since the last time. */
  take(): readonly DeliveryEffect<Exchange, Request, Sending>[] {
    const effects = this.#effects;
    if (effects.length === 0) return none;
    this.#effects = [];
    return effects;
  }
}

const none = [] as const;
