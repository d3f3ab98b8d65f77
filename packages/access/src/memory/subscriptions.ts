import type { Collection, ForeignChange } from "@fairlead/store";

/** What a manager listens to in its store, which may be open for longer than the manager. */
export class Subscriptions {
  readonly #ends: (() => void)[] = [];

  /** Hears what others change in a collection, until {@link close}. */
  follow(collection: Collection, listener: (change: ForeignChange) => void): void {
    this.#ends.push(collection.onForeignChange(listener));
  }

  close(): void {
    for (const end of this.#ends.splice(0)) end();
  }
}
