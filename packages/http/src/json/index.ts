/** JSON read strictly, and changed by patches. RFC 8259, 6901, 6902, 7396. */
export { findJsonFault, type JsonFault, type JsonRules } from "./fault.ts";
export { diffMergePatch, mergePatch, MERGE_PATCH_JSON } from "./merge-patch.ts";
export { diffJsonPatch } from "./patch-diff.ts";
export type { JsonPatchOperation } from "./patch-operation.ts";
export { applyJsonPatch, JSON_PATCH_JSON, type JsonPatchLimits } from "./patch.ts";
export { formatJsonPointer, parseJsonPointer } from "./pointer.ts";
export { readJson, type JsonOptions } from "./read.ts";
