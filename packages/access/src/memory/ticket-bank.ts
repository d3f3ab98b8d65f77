import type { Collection, Store } from "@fairlead/store";
import { isSingleUse, sessionFacts, ticketExpiry } from "@fairlead/tls";
import { createHash } from "node:crypto";
import { COLLECTIONS, openCollection } from "./collections.ts";

/** Tickets that are kept for one binding; a server commonly gives two for each full handshake. */
const TICKETS_PER_BINDING = 8;
/** Bytes of a session that is kept, its certificate included; servers choose the size, and common ones take 2 KiB. */
const SESSION_LIMIT_BYTES = 16 * 1024;

/**
 * Keeps what resumes TLS sessions, across restarts.
 *
 * node:tls resumes whatever it is given and checks neither issuer nor host again, so a ticket is kept under a hash of
 * everything that it was gained with (`ticketBinding`), and offered under exactly the same. A ticket of TLS 1.3 leaves
 * the bank when it is offered (RFC 8446 appendix C.4); one of TLS 1.2 stays.
 */
export class TicketBank {
  readonly #tickets: Collection;
  readonly #now: () => number;
  /** The slot that is written next, by key. */
  readonly #nextSlot = new Map<string, number>();

  constructor(store: Store, now: () => number) {
    this.#tickets = openCollection(store, "tls-tickets");
    this.#now = now;
  }

  /** The session to offer, if there is one; nobody else is offered the same one where it is good for one use. */
  async take(binding: string): Promise<Uint8Array | undefined> {
    const key = keyOf(binding);
    for (let slot = TICKETS_PER_BINDING - 1; slot >= 0; slot -= 1) {
      const record = this.#tickets.get(slotKey(key, slot));
      if (record === undefined) continue;
      const facts = sessionFacts(record.value);
      if (facts === undefined) {
        this.#tickets.delete(record.key);
      } else if (!isSingleUse(facts.version)) {
        return record.value;
      } else {
        const taken = await this.#tickets.take(record.key);
        if (taken !== undefined) return taken.value;
      }
    }
    return undefined;
  }

  /**
   * Keeps a session. Must be called for verified connections only; one that says of itself that it is not is refused.
   *
   * @param certificateNotAfter when the leaf certificate ends, in milliseconds since the epoch.
   */
  keep(binding: string, session: Uint8Array, certificateNotAfter: number): void {
    if (session.length > SESSION_LIMIT_BYTES) return;
    const facts = sessionFacts(session);
    if (facts?.verified !== true) return;
    const now = this.#now();
    const expiresAt = ticketExpiry({ now, session: facts, certificateNotAfter });
    if (!(expiresAt > now)) return;
    const key = keyOf(binding);
    this.#tickets.set(slotKey(key, isSingleUse(facts.version) ? this.#chooseSlot(key) : 0), session, { expiresAt });
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
function keyOf(binding: string): string {
  return createHash("sha256").update(binding).digest("base64url");
}

function slotKey(key: string, slot: number): string {
  return `${key}.${String(slot)}`;
}
