import type { ConsoleEvent, ListedTransaction } from "../protocol/index.ts";

/** Takes events, a few at a time; the next are built when it is ready for them. */
export type FeedListener = (events: readonly ConsoleEvent[]) => void | Promise<void>;

/** Where the feed looks up what it tells. */
export interface FeedGround {
  /** What a listener is told first, in order. */
  snapshot(): { readonly events: readonly ConsoleEvent[]; readonly transactions: Iterable<number> };
  /** As it is now; `undefined` for one that is kept no longer. */
  transaction(id: number): ListedTransaction | undefined;
}

/** A listener is told of many changes at once, this often at the most. */
const BATCH_MILLISECONDS = 50;
/** Transactions of one event: some tens of kilobytes. */
const TRANSACTIONS_PER_EVENT = 200;

/**
 * Tells listeners what changes. Each is told the latest state of what has changed since it was told last, so that one that is
 * slow gets less, and never a queue that grows.
 */
export class Feed {
  readonly #ground: FeedGround;
  readonly #subscriptions = new Set<Subscription>();

  constructor(ground: FeedGround) {
    this.#ground = ground;
  }

  get listeners(): number {
    return this.#subscriptions.size;
  }

  /** @returns what ends it. What the listener rejects with ends it, too. */
  subscribe(listener: FeedListener): Disposable {
    const end = (): boolean => this.#subscriptions.delete(subscription);
    const subscription = new Subscription(listener, this.#ground, end);
    this.#subscriptions.add(subscription);
    return {
      [Symbol.dispose]: () => {
        end();
        subscription.end();
      },
    };
  }

  transactionChanged(id: number): void {
    for (const each of this.#subscriptions) each.transactionChanged(id);
  }

  transactionsGone(below: number): void {
    for (const each of this.#subscriptions) each.transactionsGone(below);
  }

  /** @param about what it is about: of two events about the same, only the later one may be told. */
  tell(about: string, event: ConsoleEvent): void {
    for (const each of this.#subscriptions) each.tell(about, event);
  }
}

class Subscription {
  readonly #listener: FeedListener;
  readonly #ground: FeedGround;
  readonly #onEnd: () => void;
  readonly #transactions: Set<number>;
  readonly #events: Map<string, ConsoleEvent>;
  /** Transactions that were there at the beginning and are not told yet; `undefined` when all is told. */
  #untold: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;
  #isOver = false;

  constructor(listener: FeedListener, ground: FeedGround, onEnd: () => void) {
    this.#listener = listener;
    this.#ground = ground;
    this.#onEnd = onEnd;
    const { events, transactions } = ground.snapshot();
    this.#events = new Map(events.map((event, index) => [`at the beginning ${index}`, event]));
    this.#transactions = new Set(transactions);
    this.#untold = this.#transactions.size;
    void this.#flush();
  }

  transactionChanged(id: number): void {
    this.#transactions.add(id);
    this.#schedule();
  }

  transactionsGone(below: number): void {
    // They are in the order in which they changed: those that are gone are found by looking at all, a few at a time.
    this.#events.set("gone", { type: "transactions-gone", below });
    this.#schedule();
  }

  tell(about: string, event: ConsoleEvent): void {
    // Behind what was said of others before.
    this.#events.delete(about);
    this.#events.set(about, event);
    this.#schedule();
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#isOver || this.#isBusy || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#flush();
    }, BATCH_MILLISECONDS);
    this.#timer.unref();
  }

  async #flush(): Promise<void> {
    this.#isBusy = true;
    try {
      while (!this.#isOver && (this.#events.size > 0 || this.#transactions.size > 0)) {
        await this.#listener(this.#take());
        if (this.#transactions.size < TRANSACTIONS_PER_EVENT) break;
      }
    } catch {
      this.end();
      this.#onEnd();
    } finally {
      this.#isBusy = false;
    }
    if (this.#events.size > 0 || this.#transactions.size > 0) this.#schedule();
  }

  #take(): readonly ConsoleEvent[] {
    const events = [...this.#events.values()];
    this.#events.clear();
    const transactions: ListedTransaction[] = [];
    const before = this.#transactions.size;
    for (const id of this.#transactions) {
      if (transactions.length === TRANSACTIONS_PER_EVENT) break;
      this.#transactions.delete(id);
      const listed = this.#ground.transaction(id);
      if (listed !== undefined) transactions.push(listed);
    }
    if (transactions.length > 0) events.push({ type: "transactions", transactions });
    // Those that were there at the beginning come first, whether they have changed since then or not.
    if (this.#untold !== undefined) this.#untold -= before - this.#transactions.size;
    if (this.#untold !== undefined && this.#untold <= 0) {
      this.#untold = undefined;
      events.push({ type: "told-all" });
    }
    return events;
  }
}
