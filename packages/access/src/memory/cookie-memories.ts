import type { Store } from "@fairlead/store";
import type { Forgetful, ForgetScope } from "../forget/scope.ts";
import { OWN_PARTITION, type Partition } from "../partition.ts";
import { openCollection, type CollectionName } from "./collections.ts";
import { CookieMemory, type CookieRecords } from "./cookie-memory.ts";
import type { ReadRecord } from "./readers/collection-readers.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** Partitions whose jars are open; past this the one opened first is closed, and loses its session cookies. */
const PARTITIONS_LIMIT = 256;

/** Where cookies are kept, and what ends with the manager. */
export interface CookieGround {
  readonly store: Store;
  readonly subscriptions: Subscriptions;
}

/**
 * A jar for each partition: a cookie that was set within one is never sent from another. What others do to the
 * cookies of the store is done here, too; session cookies stay with their manager.
 */
export class CookieMemories {
  /** Those of the application's own requests. */
  readonly own: CookieMemory;
  /** Those of all partitions. */
  readonly partitioned: Forgetful;
  readonly #ground: CookieGround | undefined;
  readonly #now: () => number;
  readonly #partitions = new Map<Partition, CookieMemory>();
  #records: CookieRecords | undefined;

  /** @param ground `undefined` keeps cookies in memory, apart from everybody else's. */
  constructor(ground: CookieGround | undefined, now: () => number) {
    this.#ground = ground;
    this.#now = now;
    const records = ground && openRecords(ground, "cookies");
    this.own = new CookieMemory(records, OWN_PARTITION, now);
    this.partitioned = { forgetWithin: (scope) => this.#forgetWithin(scope) };
    records?.subscriptions.follow(records.collection, (change) => {
      this.own.follow(change);
    });
  }

  in(partition: Partition): CookieMemory {
    return partition === OWN_PARTITION ? this.own : this.#partitioned(partition);
  }

  /** The cookies of all partitions that are in memory alone, as records would have them. */
  unwritten(): readonly ReadRecord[] {
    return [this.own, ...this.#partitions.values()].flatMap((memory) => [...memory.unwritten()]);
  }

  /** @param recordKey as `unwritten` gives it. @returns whether there was such a one. */
  forgetUnwritten(recordKey: string): boolean {
    return [this.own, ...this.#partitions.values()].some((memory) => memory.forgetUnwritten(recordKey));
  }

  #partitioned(partition: Partition): CookieMemory {
    const known = this.#partitions.get(partition);
    if (known !== undefined) return known;
    const [oldest] = this.#partitions.size < PARTITIONS_LIMIT ? [] : this.#partitions.keys();
    if (oldest !== undefined) this.#partitions.delete(oldest);
    const memory = new CookieMemory(this.#partitionedRecords(), partition, this.#now);
    this.#partitions.set(partition, memory);
    return memory;
  }

  #partitionedRecords(): CookieRecords | undefined {
    if (this.#records !== undefined || this.#ground === undefined) return this.#records;
    this.#records = openRecords(this.#ground, "partitioned-cookies");
    this.#records.subscriptions.follow(this.#records.collection, (change) => {
      this.#partitions.get(change.key.slice(0, Math.max(0, change.key.indexOf(" "))))?.follow(change);
    });
    return this.#records;
  }

  #forgetWithin(scope: ForgetScope): number {
    let forgotten = 0;
    for (const memory of this.#partitions.values()) forgotten += memory.forgetWithin(scope);
    return forgotten;
  }
}

function openRecords({ store, subscriptions }: CookieGround, name: CollectionName): CookieRecords {
  return { collection: openCollection(store, name), subscriptions };
}
