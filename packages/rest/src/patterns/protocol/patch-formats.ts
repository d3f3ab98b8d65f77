import { JSON_PATCH_JSON, MERGE_PATCH_JSON } from "@fairlead/http/json";

/** How a change of a resource is said. */
export type PatchFormat = "merge-patch" | "json-patch" | "strategic-merge-patch";

/** The media type of each: RFC 7396, RFC 6902, and that of Kubernetes. */
export const PATCH_TYPES: Readonly<Record<PatchFormat, string>> = {
  "merge-patch": MERGE_PATCH_JSON,
  "json-patch": JSON_PATCH_JSON,
  "strategic-merge-patch": "application/strategic-merge-patch+json",
};
