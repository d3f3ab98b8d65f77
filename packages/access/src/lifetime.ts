import { UsageError } from "@fairlead/core";
import type { Store } from "@fairlead/store";
import type { ManagerParts } from "./assembly.ts";

/** How the parts of a manager end: when all is done, or at once. What was learned is durable afterwards. */
export class Lifetime {
  readonly #parts: ManagerParts;
  readonly #store: Store;
  readonly #ownsStore: boolean;
  readonly #ending: AbortController;
  #closing: Promise<void> | undefined;

  /** @param ending fires when the parts are ended at once, with what they are ended with. */
  constructor(parts: ManagerParts, store: Store, ownsStore: boolean, ending: AbortController) {
    this.#parts = parts;
    this.#store = store;
    this.#ownsStore = ownsStore;
    this.#ending = ending;
  }

  /** Waits for what is under way. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  /** Ends everything at once; only the first reason counts. */
  async destroy(reason: Error = closed()): Promise<void> {
    this.#closing ??= Promise.resolve();
    this.#ending.abort(reason);
    // It is aborted with nothing else.
    const first = this.#ending.signal.reason as Error;
    const { underWay, tenants, refreshes, pools } = this.#parts;
    underWay.abandon();
    tenants.destroy(first);
    const refreshed = refreshes.close(first);
    pools.destroy(first);
    await refreshed;
    await this.#closeStore();
  }

  async #close(): Promise<void> {
    const { underWay, tenants, refreshes, pools } = this.#parts;
    await Promise.all([underWay.close(), tenants.close()]);
    await refreshes.close(closed());
    await pools.close();
    await this.#closeStore();
  }

  async #closeStore(): Promise<void> {
    this.#parts.memories.subscriptions.close();
    this.#parts.memories.responses?.close();
    await (this.#ownsStore ? this.#store.close() : this.#store.flush());
  }
}

function closed(): UsageError {
  return new UsageError("MANAGER_CLOSED", { operation: "request" });
}
