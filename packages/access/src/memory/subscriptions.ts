import type { Collection, ForeignChange } from "@fairlead/store";

/** What a manager listens to in its store, which may be open for longer than the manager. */
export class Subscriptions {
  readonly #followed: Followed[] = [];

  /** Hears what others change in a collection, until {@link close}. */
  follow(collection: Collection, listener: (change: ForeignChange) => void): void {
    this.#followed.push({ collection, listener, end: collection.onForeignChange(listener) });
  }

  /** Tells those who follow a collection of all its records, as if others had written them. */
  retell(name: string): void {
    for (const { collection, listener } of this.#followed) {
      if (collection.name !== name) continue;
      for (const record of collection.entries()) listener({ key: record.key, record });
    }
  }

  close(): void {
    for (const { end } of this.#followed.splice(0)) end();
  }
}

interface Followed {
  readonly collection: Collection;
  readonly listener: (change: ForeignChange) => void;
  readonly end: () => void;
}
