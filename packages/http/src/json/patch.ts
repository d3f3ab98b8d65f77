import { ContentError, type ContentErrorFacts } from "@fairlead/core";
import { PatchDraft } from "./patch-draft.ts";
import { readPatchOperation } from "./patch-operation.ts";
import { PatchRefusal } from "./patch-refusal.ts";

/** The media type of a JSON Patch. */
export const JSON_PATCH_JSON = "application/json-patch+json";

/** What a patch may do. */
export interface JsonPatchLimits {
  /** 10,000 by default. */
  readonly operationLimit?: number;
  /** Values within all that is copied and moved: a document could double with each operation. 1,000,000 by default. */
  readonly valueLimit?: number;
  /** Arrays and objects within one another, afterwards; 256 by default. */
  readonly depthLimit?: number;
}

/**
 * Changes a JSON document by a JSON Patch, all of it or nothing. Neither is changed, nor shared with what is returned.
 *
 * @param document as it came out of JSON, with its depth limited.
 * @param operations as they came: they are checked.
 * @throws ContentError PATCH_INVALID for what is no JSON Patch; PATCH_NOT_APPLICABLE where the document is not such that it
 *   could be changed so, a `test` that fails among it; CONTENT_LIMIT, JSON_TOO_DEEP. Each says which operation it was.
 * @see RFC 6902
 */
export function applyJsonPatch(
  document: unknown,
  operations: unknown,
  { operationLimit = 10_000, valueLimit = 1_000_000, depthLimit = 256 }: JsonPatchLimits = {},
  facts: ContentErrorFacts = {},
): unknown {
  if (!Array.isArray(operations)) throw new ContentError("PATCH_INVALID", { ...facts, detail: "it is no array" });
  if (operations.length > operationLimit) {
    throw new ContentError("CONTENT_LIMIT", { ...facts, detail: `more than ${String(operationLimit)} operations` });
  }
  const draft = new PatchDraft(document, valueLimit, depthLimit);
  for (const [index, operation] of operations.entries()) {
    try {
      draft.apply(readPatchOperation(operation));
    } catch (error) {
      if (!(error instanceof PatchRefusal)) throw error;
      throw new ContentError(error.code, { ...facts, detail: `operation ${String(index)}: ${error.message}` });
    }
  }
  return draft.document;
}
