/** What REST services have in common, a convenience for each. */
export { readServiceProblem, type ProblemItem, type ServiceProblem } from "./protocol/service-problem.ts";
export * from "./webhooks/index.ts";
export * from "./pagination/index.ts";
export type { FollowOptions } from "./followed-address.ts";
