import { lstatSync, readlinkSync, statSync, type Stats } from "node:fs";
import { isAbsolute, join, parse, sep } from "node:path";
import { StoreError } from "@fairlead/core";
import { foreignOwner, formatMode, isSticky, openToOthers, quote } from "./refusal.ts";

/** How far a path leads. */
export interface FollowedPath {
  /** The last directory that exists, without links. */
  readonly reached: string;
  /** Names of the directories below it that do not exist. */
  readonly missing: readonly string[];
}

/** As many as Linux follows in one path. */
const linkLimit = 40;

/**
 * Follows the path of a directory from the root, link by link, and makes sure of each step that no other user can
 * exchange it: so whatever is found at the end stays what it is while it is used. What others may do in the last directory
 * is not looked at.
 *
 * @throws StoreError STORE_PERMISSIONS, STORE_FOREIGN_OWNER or STORE_OPEN_FAILED; and what the system says.
 */
export function followTrustedPath(path: string, user: number): FollowedPath {
  const { root } = parse(path);
  const ahead = namesOf(path);
  let reached = root;
  let links = 0;
  for (let name = ahead.shift(); name !== undefined; name = ahead.shift()) {
    verifyNoneCanExchange(reached, lstatSync(reached), user);
    const step = join(reached, name);
    const stats = lstatSync(step, { throwIfNoEntry: false });
    if (stats === undefined) return { reached, missing: [name, ...ahead] };
    if (stats.uid !== user && stats.uid !== 0) throw foreignOwner(step);
    if (stats.isDirectory()) {
      reached = step;
      continue;
    }
    if (!stats.isSymbolicLink()) throw openFailedBy(step, "not a directory");
    // It leads nowhere, or round in a circle: making a directory there would be a guess.
    statSync(step);
    if (++links > linkLimit) throw openFailedBy(step, "too many links");
    const target = readlinkSync(step);
    if (isAbsolute(target)) reached = root;
    ahead.unshift(...namesOf(target));
  }
  return { reached, missing: [] };
}

function namesOf(path: string): string[] {
  return path.split(sep).filter((name) => name !== "" && name !== ".");
}

function verifyNoneCanExchange(path: string, stats: Stats, user: number): void {
  if (stats.uid !== user && stats.uid !== 0) throw foreignOwner(path);
  // In a directory with the sticky bit, such as /tmp, users cannot rename or remove what is not theirs.
  if (isSticky(stats)) return;
  // Where each user has a group of the same number, a umask of 002 is usual and gives nobody else a right.
  const others = stats.gid === user ? 0o002 : 0o022;
  if ((stats.mode & others) === 0) return;
  const detail = `mode ${formatMode(stats)} lets other users exchange files in this directory`;
  throw openToOthers(path, detail, `run chmod go-w ${quote(path)}`);
}

function openFailedBy(path: string, detail: string): StoreError {
  return new StoreError("STORE_OPEN_FAILED", { peer: path, operation: "open", detail });
}
