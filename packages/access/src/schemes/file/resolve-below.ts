import { lstat, readlink } from "node:fs/promises";
import { dirname, isAbsolute, join, sep } from "node:path";
import type { Stats } from "node:fs";
import { fileErrorFrom, isSystemError } from "../../file-error.ts";
import { fileMissing, outsideRoot } from "./file-fault.ts";

/** Links on the way to one file. POSIX has systems follow at least eight, Linux follows forty. */
const LINKS_LIMIT = 40;

/** A directory that nothing leads out of. */
export interface Root {
  /** As the application named it. */
  readonly given: string;
  /** Without links. */
  readonly real: string;
}

/** Where a path leads, without links. */
export interface ResolvedPath {
  readonly path: string;
  /** `undefined` for what is not there, in a directory that is. */
  readonly stats: Stats | undefined;
}

/**
 * Follows a path name by name below a root, links included, and refuses the first step that leads out of it, without a look
 * at what is there: who asks learns nothing of what is outside, not even whether it exists.
 *
 * @param names relative to the root.
 * @throws PolicyError FILE_OUTSIDE_ROOT; FileError FILE_NOT_FOUND for a directory on the way, or another.
 */
export async function resolveBelow(root: Root, names: readonly string[], peer: string): Promise<ResolvedPath> {
  const rest = [...names];
  let at: ResolvedPath = { path: root.real, stats: await look(root.real, peer) };
  let links = 0;
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (at.stats?.isDirectory() !== true) throw fileMissing(peer);
    if (name === "" || name === ".") continue;
    if (name === "..") {
      if (at.path === root.real) throw outsideRoot(peer, "a link leads out of the root");
      const path = dirname(at.path);
      at = { path, stats: await look(path, peer) };
      continue;
    }
    const path = join(at.path, name);
    const stats = await look(path, peer);
    if (stats?.isSymbolicLink() !== true) {
      at = { path, stats };
      continue;
    }
    links += 1;
    if (links > LINKS_LIMIT) throw outsideRoot(peer, "links lead to links, and never end");
    const target = await readTarget(path, peer);
    if (isAbsolute(target)) {
      const below = namesBelow(root, target);
      if (below === undefined) throw outsideRoot(peer, "a link leads out of the root");
      rest.unshift(...below);
      at = { path: root.real, stats: await look(root.real, peer) };
    } else {
      rest.unshift(...target.split(sep));
    }
  }
  return at;
}

/**
 * The names that lead from a root to an absolute path, as they stand there; `undefined` for what does not begin with the
 * root.
 */
export function namesBelow({ given, real }: Root, path: string): readonly string[] | undefined {
  for (const root of [real, given]) {
    if (path === root) return [];
    const start = root.endsWith(sep) ? root : root + sep;
    if (path.startsWith(start)) return path.slice(start.length).split(sep);
  }
  return undefined;
}

async function readTarget(link: string, peer: string): Promise<string> {
  try {
    return await readlink(link);
  } catch (error) {
    if (isSystemError(error, "EINVAL")) throw outsideRoot(peer, "a link went while it was followed");
    throw fileErrorFrom(error, peer, "read");
  }
}

async function look(path: string, peer: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw fileErrorFrom(error, peer, "read");
  }
}
