import { diffJsonPatch, diffMergePatch, formatJsonPointer } from "@fairlead/http/json";
import type { PatchFormat } from "./patch-formats.ts";

/** The version that a write is for, where the document is what says it. */
export interface WrittenVersion {
  /** Names joined by dots. */
  readonly path: string;
  readonly value: unknown;
}

/**
 * What is sent to make one state of a resource another: the new state, or what differs, as a patch. The version goes along,
 * whatever the change made of it: without it nobody would be asked whether it is still that.
 *
 * @returns `undefined` where the format cannot say the change: a merge patch cannot set a member to `null`.
 */
export function guardedChange(
  patch: PatchFormat | undefined,
  before: unknown,
  after: unknown,
  version: WrittenVersion | undefined,
): unknown {
  if (patch === "json-patch") {
    const tests =
      version === undefined
        ? []
        : [{ op: "test", path: formatJsonPointer(version.path.split(".")), value: version.value }];
    return [...tests, ...diffJsonPatch(before, after)];
  }
  const change = patch === "merge-patch" ? diffMergePatch(before, after) : after;
  return change === undefined || version === undefined ? change : withVersion(change, version);
}

/** The same document with a value at a path; objects on the way are copied, or made. */
function withVersion(document: unknown, { path, value }: WrittenVersion): unknown {
  const [name = "", ...rest] = path.split(".");
  const members =
    typeof document === "object" && document !== null ? (document as Readonly<Record<string, unknown>>) : {};
  const own = Object.hasOwn(members, name) ? members[name] : undefined;
  return { ...members, [name]: rest.length === 0 ? value : withVersion(own, { path: rest.join("."), value }) };
}
