import {
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
  openNetworkAccessManager,
} from "@fairlead/access";

/** Managers that follow each other: one that has been followed ends what is under way, and is closed. */
export class ManagerSuccession implements AsyncDisposable {
  readonly #open = new Set<NetworkAccessManager>();
  readonly #retired = new WeakSet<NetworkAccessManager>();

  async open(options: NetworkAccessManagerOptions): Promise<NetworkAccessManager> {
    const manager = await openNetworkAccessManager(options);
    this.#open.add(manager);
    return manager;
  }

  /** Closes all but one when they are idle. */
  retireOthers(successor: NetworkAccessManager): void {
    for (const manager of this.#open) {
      if (manager === successor || this.#retired.has(manager)) continue;
      this.#retired.add(manager);
      // What cannot be closed is tried again at the end, where somebody hears of it.
      manager.close().then(
        () => this.#open.delete(manager),
        () => undefined,
      );
    }
  }

  /** Ends all at once, whatever is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Array.from(this.#open, (manager) => manager.destroy()));
  }
}
