import type { Collection, Store } from "@fairlead/store";
import { OWN_PARTITION, type Partition } from "../partition.ts";
import { openCollection } from "./collections.ts";
import { CookieMemory } from "./cookie-memory.ts";

/** Partitions whose jars are open; past this the one opened first is closed, and loses its session cookies. */
const PARTITIONS_LIMIT = 256;

/** A jar for each partition: a cookie that was set within one is never sent from another. */
export class CookieMemories {
  readonly #store: Store | undefined;
  readonly #now: () => number;
  readonly #own: CookieMemory;
  readonly #partitions = new Map<Partition, CookieMemory>();
  #records: Collection | undefined;

  /** @param store where cookies are kept; `undefined` keeps them in memory, apart from everybody else's. */
  constructor(store: Store | undefined, now: () => number) {
    this.#store = store;
    this.#now = now;
    this.#own = new CookieMemory(store && openCollection(store, "cookies"), "", now);
  }

  in(partition: Partition): CookieMemory {
    return partition === OWN_PARTITION ? this.#own : this.#partitioned(partition);
  }

  #partitioned(partition: Partition): CookieMemory {
    const known = this.#partitions.get(partition);
    if (known !== undefined) return known;
    const [oldest] = this.#partitions.size < PARTITIONS_LIMIT ? [] : this.#partitions.keys();
    if (oldest !== undefined) this.#partitions.delete(oldest);
    this.#records ??= this.#store && openCollection(this.#store, "partitioned-cookies");
    const memory = new CookieMemory(this.#records, `${partition} `, this.#now);
    this.#partitions.set(partition, memory);
    return memory;
  }
}
