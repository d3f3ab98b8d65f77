import {
  decodeHstsEntry,
  encodeHstsEntry,
  isKnownHstsHost,
  learnHsts,
  type HstsLookUp,
  type HstsOrigin,
} from "@fairlead/http/hsts";
import type { Collection, Store } from "@fairlead/store";
import { openCollection } from "./collections.ts";

/** The known HSTS hosts of a store. */
export class HstsMemory {
  readonly #hosts: Collection;
  readonly #now: () => number;
  readonly #lookUp: HstsLookUp;

  constructor(store: Store, now: () => number) {
    this.#hosts = openCollection(store, "hsts");
    this.#now = now;
    this.#lookUp = (host) => {
      const record = this.#hosts.get(host);
      return record === undefined ? undefined : decodeHstsEntry(record.value);
    };
  }

  knows(hostname: string): boolean {
    return this.#hosts.size > 0 && isKnownHstsHost(hostname, this.#lookUp);
  }

  learn(origin: HstsOrigin): void {
    const lesson = learnHsts(origin);
    switch (lesson.type) {
      case "remember":
        this.#hosts.set(lesson.host, encodeHstsEntry(lesson.entry), {
          expiresAt: this.#now() + lesson.maxAge * 1000,
        });
        return;
      case "forget":
        this.#hosts.delete(lesson.host);
        return;
      case "ignore":
        return;
    }
  }
}
