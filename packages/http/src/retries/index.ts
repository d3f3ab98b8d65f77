/** When a request that failed is made again, and after how long. RFC 9110 sections 9.2.2 and 10.2.3. */
export { RetryBudget } from "./budget.ts";
export { decideRetry, type FailedAttempt, type RetryDecision, type RetryStopReason } from "./decision.ts";
export { DEFAULT_RETRY_POLICY, retryPolicyFault, type RetryPolicy } from "./policy.ts";
export { parseRetryAfter } from "./retry-after.ts";
