/** Who may come in, and how often. */
export { admission, type AdmissionDecision, type AdmissionOptions } from "./admission.ts";
export { rateLimit, type RateLimitOptions } from "./rate-limit.ts";
export { subnets, type Subnets } from "./subnets.ts";
