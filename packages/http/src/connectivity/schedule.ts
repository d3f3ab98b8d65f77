import type { ConnectivityState } from "./verdict.ts";

/** What the checks so far came to. */
export interface CheckHistory {
  readonly state: ConnectivityState;
  /** Checks that said the same one after the other; 1 after the first. */
  readonly sameInARow: number;
  /** How long the probe's server asked to be left alone. */
  readonly retryAfterMilliseconds: number | undefined;
  /** Until the session at a captive portal ends. */
  readonly secondsRemaining: number | undefined;
}

interface Backoff {
  readonly firstMilliseconds: number;
  readonly limitMilliseconds: number;
}

/** Something may come up again soon. */
const LOCAL: Backoff = { firstMilliseconds: 2_000, limitMilliseconds: 120_000 };
/** A user reads and types, and then wants to be let out. */
const PORTAL: Backoff = { firstMilliseconds: 5_000, limitMilliseconds: 60_000 };
/** A session that is said to end at once, and does not. */
const SESSION: Backoff = { firstMilliseconds: 5_000, limitMilliseconds: 600_000 };

/** The part of a wait that is left to chance, so that many clients do not come back together. */
const JITTER = 0.3;

/** A server that asks for more is asked again after that: it may have meant another network's clients. */
const RETRY_AFTER_LIMIT_MILLISECONDS = 600_000;
/** What is said to last longer is looked at again after a day. */
const SESSION_LIMIT_MILLISECONDS = 86_400_000;

/**
 * How long after a check the next is made: not at all while online, but when the session ends; else after waits that double.
 *
 * @param random from 0 to 1.
 * @returns `undefined` for no check without a cause.
 */
export function nextCheckMilliseconds(history: CheckHistory, random: number): number | undefined {
  const { state, secondsRemaining, retryAfterMilliseconds: asked = 0 } = history;
  switch (state) {
    case "offline":
      return undefined;
    case "local": {
      const least = Math.min(asked, RETRY_AFTER_LIMIT_MILLISECONDS);
      return Math.max(least, backoff(LOCAL, history, random));
    }
    case "portal":
      return backoff(PORTAL, history, random);
    case "online": {
      if (secondsRemaining === undefined) return undefined;
      const session = Math.min(secondsRemaining * 1000, SESSION_LIMIT_MILLISECONDS);
      return Math.max(session, backoff(SESSION, history, random));
    }
  }
}

function backoff(
  { firstMilliseconds, limitMilliseconds }: Backoff,
  { sameInARow }: CheckHistory,
  random: number,
): number {
  return Math.min(limitMilliseconds, firstMilliseconds * 2 ** (sameInARow - 1)) * (1 - JITTER * random);
}
