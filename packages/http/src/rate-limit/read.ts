import { parseRetryAfter } from "../retries/retry-after.ts";
import { readDraftFields } from "./draft-fields.ts";
import { readPrefixedFields } from "./prefixed-fields.ts";

/** One limit that a service keeps. */
export interface RateLimit {
  /** What the service calls it. */
  readonly name?: string;
  /** How much is allowed in one window. */
  readonly limit?: number;
  /** How much of it is left. */
  readonly remaining?: number;
  /** When more is allowed, in milliseconds since the epoch. */
  readonly resetAt?: number;
  readonly windowSeconds?: number;
  /** What is counted, where it is not requests: `content-bytes`, `concurrent-requests`. */
  readonly unit?: string;
}

/** What one response says. */
export interface RateLimits {
  readonly limits: readonly RateLimit[];
  /** Before when the service does not want to be asked again, in milliseconds since the epoch. */
  readonly retryAt?: number;
}

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
