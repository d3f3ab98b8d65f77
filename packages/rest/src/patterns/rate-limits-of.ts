import { readRateLimits, type RateLimits } from "@fairlead/http/rate-limit";

/** What a response, or an error with a status, says of the limits of its service. */
export function rateLimitsOf(
  { status, headers }: { readonly status: number; readonly headers: Pick<Headers, "get"> },
  now = Date.now(),
): RateLimits {
  return readRateLimits(status, (name) => headers.get(name) ?? undefined, now);
}
