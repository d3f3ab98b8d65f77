import type { JsonPatchOperation } from "./patch-operation.ts";
import { formatJsonPointer } from "./pointer.ts";
import { isJsonObject, isSameJson } from "./value.ts";

/**
 * Makes a JSON Patch that changes one JSON document into another: members one by one, the items of arrays from the first
 * that differs to the last.
 */
export function diffJsonPatch(before: unknown, after: unknown): readonly JsonPatchOperation[] {
  return [...differences(before, after, [])];
}

function* differences(
  before: unknown,
  after: unknown,
  path: readonly (string | number)[],
): Generator<JsonPatchOperation, void, undefined> {
  if (isSameJson(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) yield* itemDifferences(before, after, path);
  else if (isJsonObject(before) && isJsonObject(after)) {
    for (const [name, value] of Object.entries(before)) {
      const place = [...path, name];
      if (Object.hasOwn(after, name)) yield* differences(value, after[name], place);
      else yield { op: "remove", path: formatJsonPointer(place) };
    }
    for (const [name, value] of Object.entries(after)) {
      if (!Object.hasOwn(before, name)) yield { op: "add", path: formatJsonPointer([...path, name]), value };
    }
  } else yield { op: "replace", path: formatJsonPointer(path), value: after };
}

/** What arrays have in common at both ends stays. */
function* itemDifferences(
  before: readonly unknown[],
  after: readonly unknown[],
  path: readonly (string | number)[],
): Generator<JsonPatchOperation, void, undefined> {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isSameJson(before[start], after[start])) start += 1;
  let end = 0;
  while (end < shorter - start && isSameJson(before.at(-1 - end), after.at(-1 - end))) end += 1;
  const common = shorter - end;
  for (let at = start; at < common; at += 1) yield* differences(before[at], after[at], [...path, at]);
  for (let at = before.length - end - 1; at >= common; at -= 1)
    yield { op: "remove", path: formatJsonPointer([...path, at]) };
  for (let at = common; at < after.length - end; at += 1) {
    yield { op: "add", path: formatJsonPointer([...path, at]), value: after[at] };
  }
}
