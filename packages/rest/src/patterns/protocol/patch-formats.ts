/** How a change of a resource is said. */
export type PatchFormat = "merge-patch" | "json-patch" | "strategic-merge-patch";

/** The media type of each: RFC 7396, RFC 6902, and that of Kubernetes. */
export const PATCH_TYPES: Readonly<Record<PatchFormat, string>> = {
  "merge-patch": "application/merge-patch+json",
  "json-patch": "application/json-patch+json",
  "strategic-merge-patch": "application/strategic-merge-patch+json",
};
