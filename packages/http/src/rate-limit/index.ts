/** What services say of how much they may still be asked: draft-ietf-httpapi-ratelimit-headers, and what came before it. */
export { askAgainAt } from "./ask-again.ts";
export type { RateLimit, RateLimits } from "./rate-limits.ts";
export { readRateLimits } from "./read.ts";
