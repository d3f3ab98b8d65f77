import { LONGEST_MILLISECONDS, type RetryPolicy } from "./policy.ts";
import { parseRetryAfter } from "./retry-after.ts";

/** An attempt that did not bring what was asked for. */
export interface FailedAttempt {
  readonly method: string;
  /** Whether the body, if there is one, can be sent again. */
  readonly isRepeatable: boolean;
  /** Counts from 1. */
  readonly attempt: number;
  readonly outcome:
    | { readonly type: "response"; readonly status: number; readonly retryAfter: string | undefined }
    /** No response came; `retryHelps` when the same request may succeed later. */
    | { readonly type: "failure"; readonly retryHelps: boolean };
}

/** Why a request is not made again. */
export type RetryStopReason = "outcome" | "method" | "body" | "attempts" | "retry-after";

/** What to do about a failed attempt. */
export type RetryDecision =
  | { readonly type: "retry"; readonly afterMilliseconds: number }
  | { readonly type: "stop"; readonly reason: RetryStopReason };

/**
 * Decides whether a request is made again, and when: after what the server says in `Retry-After`, or else after a random
 * part of a bound that doubles with each attempt, so that clients that failed together do not come back together.
 *
 * @param random from 0 to 1.
 * @param now milliseconds since the epoch.
 * @see RFC 9110 sections 9.2.2 and 10.2.3
 */
export function decideRetry(policy: RetryPolicy, failed: FailedAttempt, random: number, now: number): RetryDecision {
  const { method, isRepeatable, attempt, outcome } = failed;
  const mayChange = outcome.type === "response" ? policy.statuses.includes(outcome.status) : outcome.retryHelps;
  if (!mayChange) return { type: "stop", reason: "outcome" };
  if (!allowsMethod(policy, method)) return { type: "stop", reason: "method" };
  if (!isRepeatable) return { type: "stop", reason: "body" };
  if (attempt >= policy.attempts) return { type: "stop", reason: "attempts" };

  const bound = Math.min(policy.backoffLimitMilliseconds, policy.backoffMilliseconds * 2 ** (attempt - 1));
  const backoff = random * bound;
  const asked = outcome.type === "response" ? parseRetryAfter(outcome.retryAfter, now) : undefined;
  if (asked === undefined) return { type: "retry", afterMilliseconds: backoff };
  if (asked > policy.retryAfterLimitMilliseconds) return { type: "stop", reason: "retry-after" };
  // Never earlier than asked, and not all clients at the moment that all were told.
  return { type: "retry", afterMilliseconds: Math.min(asked + backoff, LONGEST_MILLISECONDS) };
}

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "QUERY"]);
const IDEMPOTENT_METHODS: ReadonlySet<string> = new Set([...SAFE_METHODS, "PUT", "DELETE"]);

function allowsMethod({ methods }: RetryPolicy, method: string): boolean {
  switch (methods) {
    case "safe":
      return SAFE_METHODS.has(method);
    case "idempotent":
      return IDEMPOTENT_METHODS.has(method);
    default:
      return methods.includes(method);
  }
}
