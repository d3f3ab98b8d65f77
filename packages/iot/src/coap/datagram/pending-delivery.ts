/**
 * An answer or a ping that is on its way. Most are handed over before anybody could wait for it: only those that are not
 * have a promise of their own.
 */
export class PendingDelivery {
  readonly operation: "respond" | "ping";
  #state: "under-way" | "delivered" | PromiseWithResolvers<undefined> = "under-way";

  constructor(operation: "respond" | "ping") {
    this.operation = operation;
  }

  /** Settles with the delivery. */
  get promise(): Promise<undefined> {
    if (this.#state === "delivered") return delivered;
    return this.#waiting.promise;
  }

  resolve(): void {
    if (this.#state === "under-way") this.#state = "delivered";
    else if (this.#state !== "delivered") this.#state.resolve(undefined);
  }

  /** Whoever made it has asked for the promise, or is about to. */
  reject(reason: unknown): void {
    if (this.#state !== "delivered") this.#waiting.reject(reason);
  }

  get #waiting(): PromiseWithResolvers<undefined> {
    if (typeof this.#state === "string") this.#state = Promise.withResolvers();
    return this.#state;
  }
}

const delivered = Promise.resolve(undefined);
