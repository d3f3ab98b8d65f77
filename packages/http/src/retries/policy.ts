/** Which requests are made again, when, and how often. Durations in milliseconds. */
export interface RetryPolicy {
  /** Attempts in all, the first included; 3 by default. */
  readonly attempts: number;
  /**
   * `safe` methods only change nothing, `idempotent` ones change the same however often they arrive (the default), a list
   * names methods: RFC 9110 sections 9.2.1 and 9.2.2.
   */
  readonly methods: "safe" | "idempotent" | readonly string[];
  /** Statuses that a later attempt may not get; 408, 425, 429, 500, 502, 503 and 504 by default. */
  readonly statuses: readonly number[];
  /** Upper bound of the wait before the second attempt, which doubles with each; 250 by default. */
  readonly backoffMilliseconds: number;
  /** Upper bound of every such wait; 10,000 by default. */
  readonly backoffLimitMilliseconds: number;
  /** The longest `Retry-After` that is waited for: past it the response is the answer; 60,000 by default. */
  readonly retryAfterLimitMilliseconds: number;
}

/** What holds where a policy says nothing else. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  attempts: 3,
  methods: "idempotent",
  statuses: [408, 425, 429, 500, 502, 503, 504],
  backoffMilliseconds: 250,
  backoffLimitMilliseconds: 10_000,
  retryAfterLimitMilliseconds: 60_000,
};

/** The longest duration that a timer takes: 24.8 days. */
export const LONGEST_MILLISECONDS = 2 ** 31 - 1;

/** Names the first member of a policy that cannot be; `undefined` for a sound one. */
export function retryPolicyFault(policy: RetryPolicy): keyof RetryPolicy | undefined {
  if (!Number.isInteger(policy.attempts) || policy.attempts < 1) return "attempts";
  const durations = ["backoffMilliseconds", "backoffLimitMilliseconds", "retryAfterLimitMilliseconds"] as const;
  return durations.find((name) => !(policy[name] >= 0 && policy[name] <= LONGEST_MILLISECONDS));
}
