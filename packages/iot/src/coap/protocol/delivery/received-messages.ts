import type { MemoryBudget } from "./memory-budget.ts";

/** A message that came, and what was said to it. */
export interface ReceivedMessage {
  readonly messageId: number;
  readonly forgottenAt: number;
  /** The acknowledgement or reset; `undefined` when there is none, or none yet. A copy of the message gets a copy of it. */
  reply: Uint8Array | undefined;
}

/**
 * The messages that came from one peer, so that each is dealt with once however often it comes.
 *
 * Whoever sends more than the limit has its oldest forgotten first; where the budget is used up by others, a message is
 * dealt with and not remembered.
 *
 * @see RFC 7252 section 4.5
 */
export class ReceivedMessages {
  readonly #limitBytes: number;
  readonly #budget: MemoryBudget;
  readonly #messages = new Map<number, ReceivedMessage>();
  #usedBytes = 0;
  /** Nothing is to be forgotten before. */
  #purgeAt = Number.NEGATIVE_INFINITY;

  constructor(limitBytes: number, budget: MemoryBudget) {
    this.#limitBytes = limitBytes;
    this.#budget = budget;
  }

  get size(): number {
    return this.#messages.size;
  }

  /** The message that came before with this ID; `undefined` if none did within its lifetime. */
  find(messageId: number, now: number): ReceivedMessage | undefined {
    const message = this.#messages.get(messageId);
    if (message === undefined || message.forgottenAt > now) return message;
    this.#forget(message);
    return undefined;
  }

  add(messageId: number, lifetimeMilliseconds: number, now: number): void {
    if (now >= this.#purgeAt) this.purge(now);
    const message: ReceivedMessage = { messageId, forgottenAt: now + lifetimeMilliseconds, reply: undefined };
    if (this.#makeRoom(messageBytes)) this.#messages.set(messageId, message);
  }

  /** Notes what was said to a message, if it is remembered. */
  replyTo(messageId: number, bytes: Uint8Array): void {
    const message = this.#messages.get(messageId);
    if (message === undefined || !this.#makeRoom(bytes.length, message)) return;
    const before = message.reply?.length ?? 0;
    message.reply = bytes;
    this.#usedBytes -= before;
    this.#budget.give(before);
  }

  /** Forgets what is old: the oldest come first, though one behind them may have a shorter life. */
  purge(now: number): void {
    for (const message of this.#messages.values()) {
      this.#purgeAt = message.forgottenAt;
      if (message.forgottenAt > now) return;
      this.#forget(message);
    }
  }

  clear(): void {
    this.#budget.give(this.#usedBytes);
    this.#usedBytes = 0;
    this.#messages.clear();
  }

  #makeRoom(bytes: number, kept?: ReceivedMessage): boolean {
    while (this.#usedBytes + bytes > this.#limitBytes || !this.#budget.take(bytes)) {
      const [oldest] = this.#messages.values();
      if (oldest === undefined || oldest === kept) return false;
      this.#forget(oldest);
    }
    this.#usedBytes += bytes;
    return true;
  }

  #forget(message: ReceivedMessage): void {
    const bytes = messageBytes + (message.reply?.length ?? 0);
    this.#messages.delete(message.messageId);
    this.#usedBytes -= bytes;
    this.#budget.give(bytes);
  }
}

/** What remembering one takes, besides its reply: about what the engine needs. */
const messageBytes = 96;
