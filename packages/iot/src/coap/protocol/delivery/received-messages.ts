import type { MemoryBudget } from "./memory-budget.ts";
import { MessageLog } from "./message-log.ts";

/** A message that came before. */
export interface ReceivedMessage {
  /** The acknowledgement or reset; `undefined` when there is none, or none yet. A copy of the message gets a copy of it. */
  readonly reply: Uint8Array | undefined;
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
  /** What came, and once more what was said to it. */
  readonly #log = new MessageLog();
  /** Where the newest note of each message is; others are void. */
  readonly #places = new Map<number, number>();
  #usedBytes = 0;
  /** Nothing is to be forgotten before. */
  #purgeAt = Number.NEGATIVE_INFINITY;

  constructor(limitBytes: number, budget: MemoryBudget) {
    this.#limitBytes = limitBytes;
    this.#budget = budget;
  }

  get size(): number {
    return this.#places.size;
  }

  /** The message that came before with this ID; `undefined` if none did within its lifetime. */
  find(messageId: number, now: number): ReceivedMessage | undefined {
    const place = this.#places.get(messageId);
    if (place === undefined) return undefined;
    if (this.#log.forgottenAt(place) <= now) {
      this.#forget(messageId, place);
      return undefined;
    }
    return { reply: this.#log.replyLengthAt(place) === 0 ? undefined : this.#log.replyAt(place) };
  }

  add(messageId: number, lifetimeMilliseconds: number, now: number): void {
    if (now >= this.#purgeAt) this.purge(now);
    if (!this.#makeRoom(messageBytes)) return;
    this.#places.set(messageId, this.#log.append(messageId, now + lifetimeMilliseconds, none));
  }

  /** Notes what was said to a message, if it is remembered. */
  replyTo(messageId: number, bytes: Uint8Array): void {
    const place = this.#places.get(messageId);
    if (place === undefined || !this.#makeRoom(bytes.length, messageId)) return;
    this.#giveBack(this.#log.replyLengthAt(place));
    this.#places.set(messageId, this.#log.append(messageId, this.#log.forgottenAt(place), bytes));
  }

  /** Forgets what is old: the oldest come first, though one behind them may have a shorter life. */
  purge(now: number): void {
    for (let place = this.#oldest(); place !== undefined; place = this.#oldest()) {
      this.#purgeAt = this.#log.forgottenAt(place);
      if (this.#purgeAt > now) return;
      this.#forget(this.#log.messageIdAt(place), place);
    }
  }

  clear(): void {
    this.#giveBack(this.#usedBytes);
    this.#places.clear();
    this.#log.clear();
  }

  #makeRoom(bytes: number, keptId?: number): boolean {
    while (this.#usedBytes + bytes > this.#limitBytes || !this.#budget.take(bytes)) {
      const place = this.#oldest();
      const messageId = place === undefined ? keptId : this.#log.messageIdAt(place);
      if (place === undefined || messageId === undefined || messageId === keptId) return false;
      this.#forget(messageId, place);
    }
    this.#usedBytes += bytes;
    return true;
  }

  /** Where the oldest message's note is, behind those that are void. */
  #oldest(): number | undefined {
    for (let place = this.#log.oldest; place !== undefined; place = this.#log.oldest) {
      if (this.#places.get(this.#log.messageIdAt(place)) === place) return place;
      this.#log.dropOldest();
    }
    return undefined;
  }

  #forget(messageId: number, place: number): void {
    this.#places.delete(messageId);
    this.#giveBack(messageBytes + this.#log.replyLengthAt(place));
  }

  #giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
    this.#budget.give(bytes);
  }
}

/** What remembering one takes, besides its reply: about what the engine needs. */
const messageBytes = 96;
const none = new Uint8Array(0);
