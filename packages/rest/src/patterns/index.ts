/** What REST services have in common, a convenience for each. */
export { readServiceProblem, type ProblemItem, type ServiceProblem } from "./protocol/service-problem.ts";
export * from "./webhooks/index.ts";
export * from "./pagination/index.ts";
export type { FollowOptions } from "./followed-address.ts";
export { batches, bulk, type BulkOptions, type Outcome } from "./bulk.ts";
export { OperationError } from "./operations/operation-error.ts";
export { readOperation, type OperationAnswer, type OperationState } from "./operations/protocol/operation-state.ts";
export { untilDone, type UntilDoneOptions } from "./operations/until-done.ts";
export type { Pace } from "./pace-contract.ts";
export { pace, type PaceOptions } from "./pace.ts";
export { readMultiStatus, type PartOutcome } from "./protocol/multi-status.ts";
export { PATCH_TYPES, type PatchFormat } from "./protocol/patch-formats.ts";
export { expand, include, partialFields, sparseFields } from "./protocol/query-builders.ts";
export { rateLimitsOf } from "./rate-limits-of.ts";
export { updateIfUnchanged, type UpdateOptions } from "./update-if-unchanged.ts";
export { versioned, type VersionPlace } from "./versioned.ts";
