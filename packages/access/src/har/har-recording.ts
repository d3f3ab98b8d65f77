import { HopMessages } from "../observe/hop-messages.ts";
import type { ObservedRequest, Observer, RequestObserver } from "../observe/observer.ts";
import { packageVersion } from "../package-version.ts";
import type { Transaction } from "../transaction.ts";
import type { Har, HarCreator } from "./har.ts";
import { toHar } from "./to-har.ts";

/** What is recorded, and how much of it is kept. */
export interface RecordHarOptions {
  /** Whether bodies are kept, as text; not by default. What is secret in them stays in them. */
  readonly bodies?: boolean;
  /** Bytes of one body; of a larger one nothing is kept. 1 MiB by default. */
  readonly bodyLimitBytes?: number;
  /** Requests that are kept; past this the oldest go. 1,000 by default. */
  readonly requestsLimit?: number;
  /** Bytes of fields and bodies that are kept; past this the oldest requests go. 64 MiB by default. */
  readonly limitBytes?: number;
  /** This package by default. */
  readonly creator?: HarCreator;
  readonly dangerous?: {
    /** Leaves credentials, cookies and tokens as they were sent: whoever gets the file can be you. */
    readonly secrets?: boolean;
  };
}

/** A recording of what a manager does. It goes through `JSON.stringify`; disposing it ends it, and keeps what it has. */
export class HarRecording implements Disposable {
  readonly #options: RecordHarOptions;
  readonly #watching: Disposable;
  /** With the bytes that are held for each, as far as it has come. */
  readonly #recorded = new Map<Transaction, number>();
  #bytes = 0;
  #dropped = 0;

  /** Use `manager.recordHar`. @internal */
  constructor(observe: (observer: Observer) => Disposable, options: RecordHarOptions) {
    this.#options = options;
    this.#watching = observe({ requestStarted: (request) => this.#record(request) });
  }

  /** Requests that were recorded, and are kept no longer. */
  get dropped(): number {
    return this.#dropped;
  }

  /** What was recorded so far, what is under way included. */
  toJSON(): Har {
    const { creator = { name: "@fairlead/access", version: packageVersion() }, dangerous = {} } = this.#options;
    const comment = `${String(this.#dropped)} earlier requests were not kept`;
    const options = { creator, dangerous, ...(this.#dropped > 0 && { comment }) };
    return toHar(this.#recorded.keys(), options);
  }

  [Symbol.dispose](): void {
    this.#watching[Symbol.dispose]();
  }

  #record({ transaction }: ObservedRequest): RequestObserver {
    const { bodies = false, bodyLimitBytes = 1024 * 1024 } = this.#options;
    this.#recorded.set(transaction, 0);
    this.#makeRoom();
    const weigh = (): void => {
      const before = this.#recorded.get(transaction);
      if (before === undefined) return;
      const bytes = transaction.hops.reduce((sum, { messages }) => sum + (messages?.bytes ?? 0), 0);
      this.#recorded.set(transaction, bytes);
      this.#bytes += bytes - before;
      this.#makeRoom();
    };
    return {
      hopStarted: (hop) => {
        if (!this.#recorded.has(transaction)) return;
        // Another observer may want the fields alone.
        if (hop.messages === undefined || bodies) hop.messages = new HopMessages(bodies ? bodyLimitBytes : undefined);
      },
      hopEnded: weigh,
      ended: weigh,
    };
  }

  #makeRoom(): void {
    const { requestsLimit = 1_000, limitBytes = 64 * 1024 * 1024 } = this.#options;
    for (const [transaction, bytes] of this.#recorded) {
      if (this.#recorded.size <= requestsLimit && this.#bytes <= limitBytes) return;
      this.#recorded.delete(transaction);
      this.#bytes -= bytes;
      this.#dropped += 1;
    }
  }
}
