import type { RateLimits } from "@fairlead/http/rate-limit";

/** What is known of a service's limits. Times are in milliseconds since the epoch. */
export interface Standing {
  /** Nothing is asked before. */
  readonly notBefore?: number;
  /** The window that is nearest to its end of what it allows. */
  readonly window?: { readonly remaining: number; readonly resetAt: number };
  /** When the next call may be made, where calls have a distance. */
  readonly nextSlot?: number;
}

/** Whether a call may be made now. */
export type Draw =
  | { readonly type: "go"; readonly standing: Standing }
  | { readonly type: "wait"; readonly at: number };

/** Takes one call from what is left. */
export function draw(standing: Standing, gapMilliseconds: number, now: number): Draw {
  const { notBefore = 0, nextSlot = 0 } = standing;
  const window = standing.window !== undefined && standing.window.resetAt > now ? standing.window : undefined;
  const at = Math.max(notBefore, nextSlot, window !== undefined && window.remaining < 1 ? window.resetAt : 0);
  if (at > now) return { type: "wait", at };
  return {
    type: "go",
    standing: {
      ...(window !== undefined && { window: { ...window, remaining: window.remaining - 1 } }),
      ...(gapMilliseconds > 0 && { nextSlot: now + gapMilliseconds }),
    },
  };
}

/**
 * Takes in what an answer says. Answers come in any order, and calls are under way that the service has not counted yet: of
 * two numbers of one window the smaller counts.
 */
export function afterAnswer(standing: Standing, { limits, retryAt }: RateLimits, now: number): Standing {
  const notBefore = Math.max(standing.notBefore ?? 0, retryAt ?? 0);
  let nearest = standing.window;
  for (const { remaining, resetAt, unit } of limits) {
    if (remaining === undefined || resetAt === undefined || resetAt <= now || unit !== undefined) continue;
    const isSame = nearest !== undefined && Math.abs(nearest.resetAt - resetAt) < SAME_WINDOW_MILLISECONDS;
    if (isSame) nearest = { remaining: Math.min(nearest?.remaining ?? remaining, remaining), resetAt };
    else if (nearest === undefined || nearest.resetAt <= now || remaining < nearest.remaining)
      nearest = { remaining, resetAt };
  }
  return { ...standing, ...(notBefore > now && { notBefore }), ...(nearest !== undefined && { window: nearest }) };
}

/** Whole seconds, and the way here, make one moment look like several. */
const SAME_WINDOW_MILLISECONDS = 2_000;
