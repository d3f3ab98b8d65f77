import type { Collection, Store } from "@fairlead/store";
import { openCollection } from "../memory/collections.ts";
import type { LostLessons } from "../memory/lost-lessons.ts";
import { OWN_PARTITION, type Partition } from "../partition.ts";
import { decodeAddresses, encodeAddresses } from "./protocol/address-record.ts";

/**
 * Addresses of names in the store: whoever restarts within the TTL of an answer does not ask again. Kept apart for each
 * partition, as in memory. What stands there is tried and nothing more: over TLS the server has to show who it is.
 */
export class StoredAddresses {
  readonly #store: Store;
  readonly #lessons: LostLessons;
  #opened: Collection | undefined;

  constructor(store: Store, lessons: LostLessons) {
    this.#store = store;
    this.#lessons = lessons;
  }

  /** Read when a name is first looked for: a manager is open earlier without it. */
  get #names(): Collection {
    return (this.#opened ??= openCollection(this.#store, "resolved-addresses"));
  }

  /** @returns the addresses, and until when they are good by the clock. */
  find(
    host: string,
    partition: Partition,
  ): { readonly addresses: readonly string[]; readonly until: number } | undefined {
    const record = this.#lessons.recall(() =>
      this.#names.size === 0 ? undefined : this.#names.get(keyOf(host, partition)),
    );
    const addresses = record && decodeAddresses(record.value);
    // Without an expiry it was not written here.
    if (addresses === undefined || record?.expiresAt === undefined) return undefined;
    return { addresses, until: record.expiresAt };
  }

  /** Keeps what was answered; that there is no address is not kept. */
  keep(host: string, partition: Partition, addresses: readonly string[], until: number): void {
    this.#lessons.guard(() => {
      if (addresses.length === 0 || !isKept(partition)) return;
      const value = encodeAddresses(addresses);
      if (decodeAddresses(value) !== undefined) this.#names.set(keyOf(host, partition), value, { expiresAt: until });
    });
  }

  delete(host: string, partition: Partition): void {
    this.#lessons.guard(() => {
      if (this.#names.size > 0) this.#names.delete(keyOf(host, partition));
    });
  }
}

/** What belongs to a partition begins with it. */
function keyOf(host: string, partition: Partition): string {
  return partition === OWN_PARTITION ? host : `${partition} ${host}`;
}

/** Checks of connectivity have a partition of their own that is no site, and ask each time. */
function isKept(partition: Partition): boolean {
  return partition === OWN_PARTITION || URL.canParse(partition);
}
