import { parseRetryAfter } from "../retries/retry-after.ts";
import { readDraftFields } from "./draft-fields.ts";
import { readPrefixedFields } from "./prefixed-fields.ts";
import type { RateLimits } from "./rate-limits.ts";

/** Statuses with which `Retry-After` is said of all requests. 403 is GitHub's. */
const REFUSALS: readonly number[] = [403, 429, 503];

/**
 * Reads what a response says of limits, in whichever form: `RateLimit` and `RateLimit-Policy` of the draft, now and as they
 * were, `X-RateLimit-…` as GitHub and others have it, and `Retry-After`. A field that cannot be read says nothing.
 *
 * @param field the lines of a field, joined by commas, by lower-case name.
 * @param now milliseconds since the epoch.
 * @see draft-ietf-httpapi-ratelimit-headers-10, RFC 9110 section 10.2.3
 */
export function readRateLimits(status: number, field: (name: string) => string | undefined, now: number): RateLimits {
  const drafted = readDraftFields(field, now);
  const limits = drafted.length > 0 ? drafted : readPrefixedFields(field, now);
  const wait = REFUSALS.includes(status) ? parseRetryAfter(field("retry-after"), now) : undefined;
  return wait === undefined ? { limits } : { limits, retryAt: now + wait };
}
