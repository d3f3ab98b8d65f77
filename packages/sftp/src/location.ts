import { FileError, PolicyError } from "@fairlead/core";
import type { FileAttributes, FileKind } from "./protocol/file-attributes.ts";
import { isWithin, pathsBelow, splitPath, type ServerPath } from "./protocol/paths.ts";
import type { SftpSession } from "./session.ts";

/** What paths are looked up with. */
export interface Locator {
  readonly session: SftpSession;
  readonly peer: string;
  /** `undefined` for no restriction. */
  readonly root: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Finds the path that is read or listed: what the URL names, or, with a root, what the server resolves that to when it lies
 * below the root.
 *
 * What a server resolves may be another file a moment later: whoever can write below the root can win that race.
 *
 * @throws PolicyError FILE_OUTSIDE_ROOT; FileError FILE_NOT_FOUND; what the session throws.
 */
export async function locate(path: ServerPath, locator: Locator): Promise<string> {
  if (locator.root === undefined) return path.path;
  return below(locator.root, path, path.path, locator);
}

/**
 * Finds the path that is written or removed: its directory is resolved, its last name is taken as it is, and never
 * followed where it is a link.
 *
 * @throws as {@link locate}.
 */
export async function locateEntry(path: ServerPath, locator: Locator): Promise<string> {
  if (locator.root === undefined) return path.path;
  const { directory, name } = splitPath(path.path);
  const parent = await below(locator.root, path, directory, locator);
  return parent === "/" ? `/${name}` : `${parent}/${name}`;
}

async function below(root: string, { base, path }: ServerPath, wanted: string, locator: Locator): Promise<string> {
  const { session, peer, signal } = locator;
  const outside = (): PolicyError => new PolicyError("FILE_OUTSIDE_ROOT", { peer, operation: "resolve" });
  const top = await session.realpath(root, signal);
  // Nothing outside is looked at, so that nobody learns what is there.
  if (base === "root" && !isWithin(root, path) && !isWithin(top, path)) throw outside();
  const resolved = await session.realpath(wanted, signal);
  if (!isWithin(top, resolved)) throw outside();
  // A server that only tidies the path up leaves the links in it.
  const steps = await Promise.all(pathsBelow(top, resolved).map((step) => session.lstat(step, signal)));
  if (steps.some(({ kind }) => kind === "link")) throw outside();
  return resolved;
}

/**
 * Refuses what is of another kind, by name.
 *
 * @throws FileError FILE_NOT_REGULAR where a file is wanted; FILE_NOT_FOUND where a directory is, as of a path that goes on
 * behind a file.
 */
export function requireKind(
  { kind }: FileAttributes,
  wanted: "file" | "directory",
  { peer }: Pick<Locator, "peer">,
  operation: string,
): void {
  if (kind === wanted) return;
  const remedies: Partial<Record<FileKind, string>> = {
    directory: "end the path in a slash for the names that a directory holds",
    file: "take the slash from the end of the path",
  };
  const code = wanted === "file" ? "FILE_NOT_REGULAR" : "FILE_NOT_FOUND";
  throw new FileError(code, { peer, operation, detail: kinds[kind], remedy: remedies[kind] });
}

const kinds: Readonly<Record<FileKind, string>> = {
  file: "it is a file",
  directory: "it is a directory",
  link: "it is a link",
  "character device": "it is a character device",
  "block device": "it is a block device",
  pipe: "it is a pipe",
  socket: "it is a socket",
  unknown: "the server does not say what it is",
};
