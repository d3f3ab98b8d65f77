import { decodeAlternative, encodeAlternative, learnAltSvc, type Alternative } from "@fairlead/http/alt-svc";
import type { Collection, Store } from "@fairlead/store";
import type { HopOptions, ResponseFields } from "../dispatch.ts";
import { OWN_PARTITION, type Partition } from "../partition.ts";
import type { Target } from "../target.ts";
import { openCollection } from "./collections.ts";

/**
 * Where origins said that they can be reached as well, by HTTP/2 on another host or port. What one partition learned is
 * not used in another: an alternative of its own for each visitor would tell who comes back.
 *
 * @see RFC 7838 sections 2 and 9.2 to 9.4
 */
export class AlternativeMemory {
  readonly #origins: Collection;
  readonly #now: () => number;

  constructor(store: Store, now: () => number) {
    this.#origins = openCollection(store, "alt-svc");
    this.#now = now;
  }

  find(target: Target, partition: Partition): Alternative | undefined {
    if (!target.secure || this.#origins.size === 0) return undefined;
    const record = this.#origins.get(keyOf(target, partition));
    return record === undefined ? undefined : decodeAlternative(record.value);
  }

  /** Learns from a response of an origin; past a certificate that was not verified it says nothing. */
  learn({ hop, target, exchange }: HopOptions, fields: ResponseFields): void {
    const field: string | readonly string[] | undefined = fields["alt-svc"];
    if (field === undefined) return;
    const age = Number(fields["age"]);
    const lesson = learnAltSvc({
      hostname: target.urlHost,
      port: target.port,
      secure: hop.tls?.authorized === true && !hop.isExcepted,
      fieldValues: typeof field === "string" ? [field] : field,
      ageSeconds: age > 0 ? age : 0,
    });
    const key = keyOf(target, exchange.partition);
    switch (lesson.type) {
      case "remember":
        this.#origins.set(key, encodeAlternative(lesson.alternative), {
          expiresAt: this.#now() + lesson.maxAge * 1000,
        });
        return;
      case "forget":
        if (this.#origins.size > 0) this.#origins.delete(key);
        return;
      case "ignore":
        return;
    }
  }

  /** It does not speak for the origin after all. */
  forget(target: Target, partition: Partition): void {
    this.#origins.delete(keyOf(target, partition));
  }
}

/** What belongs to a partition begins with it. */
function keyOf({ origin }: Target, partition: Partition): string {
  return partition === OWN_PARTITION ? origin : `${partition} ${origin}`;
}
