import type { Collection, Store } from "@fairlead/store";
import {
  decodeExceptions,
  encodeExceptions,
  EXCEPTIONS_LIMIT,
  type RememberedException,
} from "../agreement/protocol/certificate-exception.ts";
import type { Target } from "../target.ts";
import { openCollection } from "./collections.ts";

/**
 * Certificates that the application accepted although verification refused them, for a time or for good: each for one
 * host, port and certificate, and for the kinds of problems that it had. `delete` in the collection forgets them.
 */
export class CertificateExceptions {
  readonly #servers: Collection;
  readonly #now: () => number;

  constructor(store: Store, now: () => number) {
    this.#servers = openCollection(store, "certificate-exceptions");
    this.#now = now;
  }

  /** What was accepted and holds still, by `exceptionKey`. */
  recall(target: Target): readonly string[] {
    return this.#living(target).map(({ key }) => key);
  }

  /** @param milliseconds how long it holds; `undefined` for good. One that ends before it begins is not remembered. */
  remember(target: Target, key: string, milliseconds: number | undefined): void {
    const until = milliseconds === undefined ? undefined : Math.floor(this.#now() + milliseconds);
    if (until !== undefined && !(Number.isSafeInteger(until) && until > this.#now())) return;
    const others = this.#living(target).filter((other) => other.key !== key);
    const kept = [...others, { key, until }].slice(-EXCEPTIONS_LIMIT);
    const ends = kept.flatMap((each) => each.until ?? []);
    const expiresAt = ends.length < kept.length ? undefined : Math.max(...ends);
    this.#servers.set(target.peer, encodeExceptions(kept), { expiresAt });
  }

  /** Whatever else stands in the store lets nobody in. */
  #living({ peer }: Target): readonly RememberedException[] {
    const record = this.#servers.size === 0 ? undefined : this.#servers.get(peer);
    const known = record && decodeExceptions(record.value);
    return known?.filter(({ until }) => until === undefined || until > this.#now()) ?? [];
  }
}
