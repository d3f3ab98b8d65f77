import type { Collection, ForeignChange, Store } from "@fairlead/store";

/** Managers by the open store that they share; it goes with the store. */
const sharers = new WeakMap<Store, Set<Subscriptions>>();

/**
 * What a manager listens to in its store, which may be open for longer than the manager. The store tells what other
 * processes do; managers that share an open store tell each other.
 */
export class Subscriptions {
  readonly #sharers: Set<Subscriptions>;
  readonly #followed: Followed[] = [];

  constructor(store: Store) {
    this.#sharers = sharers.get(store) ?? new Set();
    sharers.set(store, this.#sharers);
    this.#sharers.add(this);
  }

  /** Hears what others do to a collection, until {@link close}. */
  follow(collection: Collection, listener: (change: ForeignChange) => void): void {
    this.#followed.push({ collection, listener, end: collection.onForeignChange(listener) });
  }

  /** Tells the others what this manager has done to a record. */
  tell(collection: Collection, key: string): void {
    if (this.#sharers.size === 1) return;
    const change = { key, record: collection.get(key) };
    for (const other of this.#sharers) if (other !== this) other.#hear(collection, change);
  }

  /** Tells everybody of all records of a collection, who wrote them included. */
  retell(collection: Collection): void {
    for (const record of collection.entries()) {
      for (const each of this.#sharers) each.#hear(collection, { key: record.key, record });
    }
  }

  close(): void {
    this.#sharers.delete(this);
    for (const { end } of this.#followed.splice(0)) end();
  }

  #hear(collection: Collection, change: ForeignChange): void {
    for (const followed of this.#followed) if (followed.collection === collection) followed.listener(change);
  }
}

interface Followed {
  readonly collection: Collection;
  readonly listener: (change: ForeignChange) => void;
  readonly end: () => void;
}
