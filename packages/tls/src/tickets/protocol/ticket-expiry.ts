import type { SessionVersion } from "../../protocol/version.ts";
import type { SessionFacts } from "./session-facts.ts";

/** What the end of a ticket depends on; times are milliseconds since the epoch. */
export interface TicketExpiryFacts {
  readonly now: number;
  readonly session: Pick<SessionFacts, "version" | "createdAt" | "lifetimeSeconds">;
  /** When the server's certificate expires: a resumption would not notice. */
  readonly certificateNotAfter: number;
}

/**
 * Tells until when a ticket may be offered, in milliseconds since the epoch; at or before `now` means never.
 *
 * The server's lifetime, at most seven days, and no longer than its certificate. A session that claims to come from the
 * future counts from now.
 *
 * @see RFC 8446 section 4.6.1: seven days, and a lifetime of zero is to be discarded at once; RFC 5077 section 3.3: in
 * TLS 1.2, and so in DTLS 1.2, zero means that none was said, and RFC 5246 section F.1.4 suggests 24 hours then.
 */
export function ticketExpiry({ now, session, certificateNotAfter }: TicketExpiryFacts): number {
  const unspecified = session.version !== "TLSv1.3" && session.lifetimeSeconds === 0;
  const lifetime = unspecified ? dayMilliseconds : session.lifetimeSeconds * 1_000;
  const start = Math.min(session.createdAt, now);
  return Math.min(start + Math.min(lifetime, 7 * dayMilliseconds), certificateNotAfter);
}

/**
 * Tells whether a ticket is used once and then gone. In TLS 1.3 an observer could link the connections that share one.
 *
 * @see RFC 8446 section C.4
 */
export function isSingleUse(version: SessionVersion): boolean {
  return version === "TLSv1.3";
}

const dayMilliseconds = 86_400_000;
