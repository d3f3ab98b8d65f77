import { isJsonObject, isSameJson, objectOf, setMember } from "./value.ts";

/** The media type of a merge patch. */
export const MERGE_PATCH_JSON = "application/merge-patch+json";

/**
 * Changes a JSON value by a merge patch: members are added, replaced, or by `null` removed. Neither value is changed; what
 * stays the same is shared with what is returned. Both must have come out of JSON, with its depth limited.
 *
 * @see RFC 7396 section 2
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const result = objectOf(isJsonObject(target) ? Object.entries(target) : []);
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) Reflect.deleteProperty(result, name);
    else setMember(result, name, mergePatch(Object.hasOwn(result, name) ? result[name] : undefined, change));
  }
  return result;
}

/**
 * Makes the merge patch that changes one JSON value into another.
 *
 * @returns `undefined` where there is none: it cannot say that a member is to be `null`, other than within an array.
 * @see RFC 7396 section 1
 */
export function diffMergePatch(before: unknown, after: unknown): unknown {
  if (!isJsonObject(after)) return after;
  const members: [name: string, change: unknown][] = [];
  const was = isJsonObject(before) ? before : {};
  for (const name of Object.keys(was)) if (!Object.hasOwn(after, name)) members.push([name, null]);
  for (const [name, value] of Object.entries(after)) {
    const old = Object.hasOwn(was, name) ? was[name] : undefined;
    if (isSameJson(old, value)) continue;
    const change = value === null ? undefined : diffMergePatch(old, value);
    if (change === undefined) return undefined;
    members.push([name, change]);
  }
  return objectOf(members);
}
