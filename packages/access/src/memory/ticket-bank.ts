import { siteHost } from "@fairlead/http/site";
import type { Collection, Store, StoreRecord } from "@fairlead/store";
import { isSingleUse, sessionFacts, ticketExpiry } from "@fairlead/tls";
import { createHash } from "node:crypto";
import type { Forgetful, ForgetScope } from "../forget/scope.ts";
import type { Partition } from "../partition.ts";
import { COLLECTIONS, openCollection } from "./collections.ts";
import { hostsOfUrls } from "./readers/hosts.ts";

/** Tickets that are kept for one binding; a server commonly gives two for each full handshake. */
const TICKETS_PER_BINDING = 8;
/** Bytes of a session that is kept, its certificate included; servers choose the size, and common ones take 2 KiB. */
const SESSION_LIMIT_BYTES = 16 * 1024;
const TAG_LENGTH = 16;

/** What a session was gained with. */
export interface TicketSubject {
  /** Everything: from `ticketBinding`, and the partition. */
  readonly binding: string;
  /** As `URL.hostname` has it. */
  readonly host: string;
  readonly partition: Partition;
}

/**
 * Keeps what resumes TLS sessions, across restarts.
 *
 * node:tls resumes whatever it is given and checks neither issuer nor host again, so a ticket is kept under a hash of
 * everything that it was gained with (`ticketBinding`), and offered under exactly the same; before it stand hashes of the sites that it
 * tells of, by which they are forgotten. A ticket of TLS 1.3 leaves the bank when it is offered (RFC 8446 appendix C.4); one of TLS 1.2 stays.
 */
export class TicketBank implements Forgetful {
  readonly #tickets: Collection;
  readonly #now: () => number;
  /** The slot that is written next, by key. */
  readonly #nextSlot = new Map<string, number>();

  constructor(store: Store, now: () => number) {
    this.#tickets = openCollection(store, "tls-tickets");
    this.#now = now;
  }

  /** The session to offer, if there is one; nobody else is offered the same one where it is good for one use. */
  async take(subject: TicketSubject): Promise<Uint8Array | undefined> {
    const key = keyOf(subject);
    let isKnown = false;
    for (let slot = TICKETS_PER_BINDING - 1; slot >= 0; slot -= 1) {
      const record = this.#tickets.get(slotKey(key, slot));
      if (record === undefined) continue;
      isKnown = true;
      const session = await this.#use(record);
      if (session !== undefined) return session;
    }
    // A large store may hold what is not known here; the first slot is the one that is filled first.
    const record = isKnown ? undefined : await this.#tickets.find(slotKey(key, 0));
    return record && this.#use(record);
  }

  /** The session in a record, if it is this caller's. */
  async #use({ key, value }: StoreRecord): Promise<Uint8Array | undefined> {
    const facts = sessionFacts(value);
    if (facts === undefined) {
      this.#tickets.delete(key);
      return undefined;
    }
    return isSingleUse(facts.version) ? (await this.#tickets.take(key))?.value : value;
  }

  /**
   * Keeps a session. Must be called for verified connections only; one that says of itself that it is not is refused.
   *
   * @param certificateNotAfter when the leaf certificate ends, in milliseconds since the epoch.
   */
  keep(subject: TicketSubject, session: Uint8Array, certificateNotAfter: number): void {
    if (session.length > SESSION_LIMIT_BYTES) return;
    const facts = sessionFacts(session);
    if (facts?.verified !== true) return;
    const now = this.#now();
    const expiresAt = ticketExpiry({ now, session: facts, certificateNotAfter });
    if (!(expiresAt > now)) return;
    const key = keyOf(subject);
    this.#tickets.set(slotKey(key, isSingleUse(facts.version) ? this.#chooseSlot(key) : 0), session, { expiresAt });
  }

  /** Forgets what is kept for one subject: a handshake with it failed. */
  drop(subject: TicketSubject): void {
    const key = keyOf(subject);
    for (let slot = 0; slot < TICKETS_PER_BINDING; slot += 1) this.#tickets.delete(slotKey(key, slot));
  }

  /** Those whose certificates name the site have been forgotten, before: here go all others that were gained there. */
  forgetWithin(scope: ForgetScope): number {
    const { site } = scope;
    if (site === undefined) return 0;
    const tag = tagOf(site);
    let forgotten = 0;
    for (const { key, writtenAt } of this.#tickets.entries()) {
      if (!key.split(".", 2).includes(tag) || !scope.covers([site], writtenAt)) continue;
      if (this.#tickets.delete(key)) forgotten += 1;
    }
    return forgotten;
  }

  /** An empty slot, or the one after the slot that was written last. */
  #chooseSlot(key: string): number {
    for (let slot = 0; slot < TICKETS_PER_BINDING; slot += 1) {
      if (this.#tickets.get(slotKey(key, slot)) === undefined) return slot;
    }
    const slot = this.#nextSlot.get(key) ?? 0;
    if (this.#nextSlot.size >= COLLECTIONS["tls-tickets"].maxEntries) this.#nextSlot.clear();
    this.#nextSlot.set(key, (slot + 1) % TICKETS_PER_BINDING);
    return slot;
  }
}

/** The binding names hosts and trust; its hash does not. */
function keyOf({ binding, host, partition }: TicketSubject): string {
  const [site = ""] = hostsOfUrls(partition);
  return `${tagOf(siteHost(host))}.${tagOf(site)}.${hash(binding)}`;
}

/** Enough of a hash to find the tickets of a site by; what is taken for them by chance costs a handshake. */
function tagOf(site: string): string {
  return hash(`site ${site}`).slice(0, TAG_LENGTH);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

function slotKey(key: string, slot: number): string {
  return `${key}.${String(slot)}`;
}
