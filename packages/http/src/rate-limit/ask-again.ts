import type { RateLimits } from "./rate-limits.ts";

/**
 * When the next request may be answered, in milliseconds since the epoch: as `Retry-After` says, and behind the end of each
 * window of which nothing is left. `undefined` where nothing says that it would be refused now.
 *
 * @param now milliseconds since the epoch.
 */
export function askAgainAt({ limits, retryAt }: RateLimits, now: number): number | undefined {
  let at = retryAt ?? now;
  for (const { remaining, resetAt } of limits) {
    if (remaining !== undefined && remaining < 1 && resetAt !== undefined) at = Math.max(at, resetAt);
  }
  return at > now ? at : undefined;
}
