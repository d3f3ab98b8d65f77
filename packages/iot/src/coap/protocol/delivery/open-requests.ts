import type { ReceivedRequest } from "./received-request.ts";

/** Requests of the peer that are not over, and which of them observe. */
export class OpenRequests<Request> {
  /** Those that came first at the beginning. */
  readonly #open = new Set<ReceivedRequest<Request>>();
  /** Those among them that have Observe, by their tokens. */
  readonly #observing = new Map<string, ReceivedRequest<Request>>();

  get size(): number {
    return this.#open.size;
  }

  /** When the first of them has to be acknowledged; infinity for none. */
  get acknowledgementAt(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { acknowledgeAt } of this.#open) earliest = Math.min(earliest, acknowledgeAt);
    return earliest;
  }

  add(received: ReceivedRequest<Request>): void {
    this.#open.add(received);
  }

  /**
   * Takes note that a request has Observe.
   *
   * @returns the one with the same token, whose place it takes, or which it ends. RFC 7641 sections 3.6 and 4.1.
   */
  observe(received: ReceivedRequest<Request>): ReceivedRequest<Request> | undefined {
    const key = keyOf(received);
    const before = this.#observing.get(key);
    this.#observing.set(key, received);
    return before;
  }

  /** Nothing more is to be said to it. */
  close(received: ReceivedRequest<Request>): void {
    received.isOver = true;
    received.isObserved = false;
    this.#open.delete(received);
    if (this.#observing.size === 0) return;
    const key = keyOf(received);
    if (this.#observing.get(key) === received) this.#observing.delete(key);
  }

  [Symbol.iterator](): IterableIterator<ReceivedRequest<Request>> {
    return this.#open.values();
  }
}

function keyOf({ message }: ReceivedRequest<unknown>): string {
  return message.token.join();
}
