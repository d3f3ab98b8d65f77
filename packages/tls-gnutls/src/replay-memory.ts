import { describe } from "./gnutls-errors.ts";
import type { GnuTls } from "./library.ts";

/**
 * Remembers the first flights that brought early data, for as long as GnuTLS would take them again, so that each is taken
 * once. It is this process's own. RFC 8446 section 8.2
 */
export class ReplayMemory {
  readonly #expiries = new Map<string, number>();
  readonly #maxEntries: number;

  constructor(maxEntries = 100_000) {
    this.#maxEntries = maxEntries;
  }

  /** False for one that is known, and for any when there is no room: its early data is rejected then, and nothing else. */
  add(flight: string, expiresSeconds: number, nowSeconds: number): boolean {
    // All are kept for equally long, so that the oldest come first.
    for (const [known, expiry] of this.#expiries) {
      if (expiry >= nowSeconds) break;
      this.#expiries.delete(known);
    }
    if (this.#expiries.has(flight) || this.#expiries.size >= this.#maxEntries) return false;
    this.#expiries.set(flight, expiresSeconds);
    return true;
  }
}

/** Makes GnuTLS's side of it, which all servers share; it looks at flights of the last ten seconds. */
export function replayMemory(gnutls: GnuTls, callback: bigint): number {
  const out = [0];
  const code = gnutls.gnutls_anti_replay_init(out);
  const [memory = 0] = out;
  if (code < 0 || memory === 0) throw new Error(`GnuTLS: no memory of replays: ${describe(gnutls, code)}`);
  gnutls.gnutls_anti_replay_set_add_function(memory, callback);
  return memory;
}
