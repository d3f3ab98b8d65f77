import { UsageError } from "@fairlead/core";

/**
 * Counts the exchanges whose answer is still to come. Between two hops of a redirect there is no connection that says so,
 * and closing has to wait for the hop that follows.
 */
export class UnderWay {
  #count = 0;
  #closing: PromiseWithResolvers<void> | undefined;

  get isClosing(): boolean {
    return this.#closing !== undefined;
  }

  /** @throws UsageError MANAGER_CLOSED once closing has begun. */
  begin(): void {
    if (this.#closing !== undefined) throw new UsageError("MANAGER_CLOSED", { operation: "request" });
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#closing?.resolve();
  }

  /** Lets nothing begin any more. Resolves when all that began has ended. */
  close(): Promise<void> {
    this.#closing ??= Promise.withResolvers();
    if (this.#count === 0) this.#closing.resolve();
    return this.#closing.promise;
  }

  /** Lets nothing begin any more, and ends all waiting. */
  abandon(): void {
    void this.close();
    this.#closing?.resolve();
  }
}
