/** What services say of how much they may still be asked: draft-ietf-httpapi-ratelimit-headers, and what came before it. */
export { askAgainAt } from "./ask-again.ts";
export { readRateLimits, type RateLimit, type RateLimits } from "./read.ts";
