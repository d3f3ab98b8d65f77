import { ReadAhead } from "./read-ahead.ts";

/** What an inbox tells. */
export interface InboxEvents<Item> {
  /** Tells those who listen. */
  dispatch(item: Item): void;
  /** Whether more may come; called whenever that changes. */
  onRoom(hasRoom: boolean): void;
}

/**
 * What comes, for those who listen and those who iterate. While nobody does either it waits, as does what comes faster than
 * it is iterated over.
 */
export class Inbox<Item> {
  readonly #events: InboxEvents<Item>;
  readonly #waiting: ReadAhead<Item>;
  #hasListener = false;
  #readers = 0;

  /** @param limit in what `sizeOf` counts in. */
  constructor(limit: number, sizeOf: (item: Item) => number, events: InboxEvents<Item>) {
    this.#events = events;
    this.#waiting = new ReadAhead(limit, sizeOf, (hasRoom) => {
      events.onRoom(hasRoom);
    });
  }

  get hasRoom(): boolean {
    return this.#waiting.hasRoom;
  }

  push(item: Item): void {
    if (this.#hasListener) this.#events.dispatch(item);
    if (this.#readers > 0 || !this.#hasListener) this.#waiting.push(item);
  }

  /** Nothing more comes; `error` is what iterating fails with, if there is one. */
  end(error: unknown): void {
    this.#waiting.end(error);
  }

  /** Somebody listens: what has waited for that is told in a moment, and what comes later at once. */
  listened(): void {
    if (this.#hasListener) return;
    queueMicrotask(() => {
      this.#hasListener = true;
      if (this.#readers === 0) for (const item of this.#waiting.take()) this.#events.dispatch(item);
    });
  }

  async *iterate(): AsyncGenerator<Item, void, undefined> {
    this.#readers += 1;
    try {
      for (;;) {
        const { done, value } = await this.#waiting.next();
        if (done === true) return;
        yield value;
      }
    } finally {
      this.#readers -= 1;
      // Whoever listens has had them.
      if (this.#readers === 0 && this.#hasListener) this.#waiting.take();
    }
  }
}
