import { hkdfSync, randomBytes } from "node:crypto";
import { UsageError } from "@fairlead/core";

/** The ticket keys of a moment, in milliseconds since 1970: 48 bytes. */
export type TicketKeySchedule = (now: number) => Uint8Array;

/** What the keys depend on. */
export interface TicketKeyOptions {
  /** At least 32 bytes; processes that share it resume each other's sessions. Random by default. */
  readonly secret?: Uint8Array | undefined;
  /** How long one key is used; 43,200 by default. */
  readonly periodSeconds?: number | undefined;
}

/**
 * Makes a new key each period, the same in every process with the same secret and a clock that is about right; nothing
 * has to be exchanged. A session of an earlier period leads to a full handshake. Whoever learns the secret can read the
 * tickets of all periods: change it as often as any other.
 *
 * @throws UsageError OPTION_INVALID
 * @see RFC 5869; RFC 5077 section 5.5
 */
export function ticketKeySchedule(options: TicketKeyOptions = {}): TicketKeySchedule {
  const { secret = randomBytes(32), periodSeconds = 43_200 } = options;
  if (secret.length < 32)
    throw new UsageError("OPTION_INVALID", { detail: "secret", remedy: "give at least 32 bytes" });
  if (!Number.isSafeInteger(periodSeconds) || periodSeconds < 1) {
    throw new UsageError("OPTION_INVALID", { detail: "periodSeconds", remedy: "give a positive whole number" });
  }
  const own = Uint8Array.from(secret);
  let known: { readonly period: number; readonly keys: Uint8Array } | undefined;
  return (now) => {
    const period = Math.floor(now / 1_000 / periodSeconds);
    if (known?.period !== period) {
      const label = `fairlead ticket keys, period ${String(period)} of ${String(periodSeconds)} s`;
      known = { period, keys: new Uint8Array(hkdfSync("sha256", own, "", label, 48)) };
    }
    return known.keys;
  };
}
