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
