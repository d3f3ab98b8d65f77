import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  statSync,
  type Stats,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { StoreError } from "@fairlead/core";

/**
 * Who may read and change a store's files: its owner, nobody else. POSIX modes only; on Windows the access control
 * lists of the user's profile do this, and only links and file types are looked at.
 *
 * No check here races with other users: they can change neither the directory, which is looked at first, nor what
 * stands in it.
 */

/** The effective user, or `undefined` where users have no numbers. Another one can be given by tests. */
export const currentUser: number | undefined = process.geteuid?.();

/**
 * Makes the directory of a file, with mode 0700 whatever the umask, where it is missing, and makes sure that other users
 * cannot put files of theirs in the place of ours.
 *
 * @returns the file's path with all links in its directory resolved.
 * @throws StoreError STORE_PERMISSIONS, STORE_FOREIGN_OWNER or STORE_OPEN_FAILED.
 */
export function prepareDirectory(path: string, user = currentUser): string {
  const absolute = resolve(path);
  try {
    return join(privateDirectory(dirname(absolute), user), basename(absolute));
  } catch (cause) {
    throw openFailed(absolute, cause);
  }
}

function privateDirectory(path: string, user: number | undefined): string {
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing !== undefined) {
    verifyDirectory(path, existing, user);
    return realpathSync(path);
  }
  const above = dirname(path);
  const created = join(privateDirectory(above, user), basename(path));
  try {
    mkdirSync(created, { mode: 0o700 });
    // The umask may have taken bits away; nobody else can have exchanged it, see verifyDirectory.
    chmodSync(created, 0o700);
    syncDirectory(dirname(created));
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    verifyDirectory(created, statSync(created), user);
  }
  return created;
}

function verifyDirectory(path: string, stats: Stats, user: number | undefined): void {
  if (!stats.isDirectory()) {
    throw new StoreError("STORE_OPEN_FAILED", { peer: path, operation: "open", detail: "not a directory" });
  }
  if (user === undefined) return;
  if (stats.uid !== user && stats.uid !== 0) throw foreignOwner(path);
  // In a directory with the sticky bit, such as /tmp, users cannot rename or remove what is not theirs.
  if ((stats.mode & 0o1000) !== 0) return;
  // Where each user has a group of the same number, a umask of 002 is usual and gives nobody else a right.
  const ownGroup = stats.gid === user;
  if ((stats.mode & 0o002) !== 0 || ((stats.mode & 0o020) !== 0 && !ownGroup)) {
    throw new StoreError("STORE_PERMISSIONS", {
      peer: path,
      operation: "open",
      detail: `mode ${formatMode(stats)} lets other users exchange files in this directory`,
      remedy: `run chmod go-w ${quote(path)}`,
    });
  }
}

/**
 * Creates an empty file of mode 0600, whatever the umask, if there is none.
 *
 * @returns whether it was created.
 */
export function createPrivateFile(path: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
  } catch (cause) {
    if (hasCode(cause, "EEXIST")) return false;
    throw openFailed(path, cause);
  }
  try {
    fchmodSync(descriptor, 0o600);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  syncDirectory(dirname(path));
  return true;
}

/**
 * Makes sure that a file is a regular one, ours, and closed to others. It is not opened: closing a descriptor would
 * release the locks that SQLite holds on the same file elsewhere in this process (POSIX advisory locks work so).
 *
 * @returns whether it exists.
 * @throws StoreError STORE_IS_LINK, STORE_NOT_A_FILE, STORE_FOREIGN_OWNER or STORE_PERMISSIONS.
 */
export function verifyPrivateFile(path: string, user = currentUser): boolean {
  let stats: Stats | undefined;
  try {
    stats = lstatSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw openFailed(path, cause);
  }
  if (stats !== undefined) verifyFileStats(path, stats, user);
  return stats !== undefined;
}

/**
 * Opens a file for reading and makes sure of the same as {@link verifyPrivateFile} on what was opened.
 *
 * @returns a descriptor, which the caller closes; `undefined` when there is no such file.
 */
export function openPrivateFile(path: string, user = currentUser): number | undefined {
  let descriptor: number;
  try {
    // Not blocking, so that a pipe in the file's place is seen for what it is. Windows knows neither flag; there they are
    // undefined, which counts as zero.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return undefined;
    // A link (ELOOP) or a socket (ENXIO): say which.
    verifyPrivateFile(path, user);
    throw openFailed(path, cause);
  }
  try {
    verifyFileStats(path, fstatSync(descriptor), user);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function verifyFileStats(path: string, stats: Stats, user: number | undefined): void {
  const facts = { peer: path, operation: "open" };
  if (stats.isSymbolicLink()) throw new StoreError("STORE_IS_LINK", facts);
  if (!stats.isFile()) throw new StoreError("STORE_NOT_A_FILE", facts);
  if (user === undefined) return;
  if (stats.uid !== user) throw foreignOwner(path);
  if ((stats.mode & 0o077) !== 0) {
    throw new StoreError("STORE_PERMISSIONS", {
      ...facts,
      detail: `mode ${formatMode(stats)}`,
      remedy: `run chmod 600 ${quote(path)}`,
    });
  }
}

/** Makes the names in a directory durable. */
export function syncDirectory(path: string): void {
  // Windows cannot open directories, and NTFS journals names by itself.
  if (process.platform === "win32") return;
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Wraps what the system says when a store cannot be opened; an error of ours is returned as it is. */
export function openFailed(path: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  return new StoreError("STORE_OPEN_FAILED", { peer: path, operation: "open", detail: detailOf(cause), cause });
}

function detailOf(cause: unknown): string | undefined {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;
}

function foreignOwner(path: string): StoreError {
  return new StoreError("STORE_FOREIGN_OWNER", {
    peer: path,
    operation: "open",
    remedy: `choose a path of your own, or run chown "$(id -u)" ${quote(path)} if it should be yours`,
  });
}

/** Whether an error is the system's, with this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function formatMode(stats: Stats): string {
  return (stats.mode & 0o7777).toString(8).padStart(4, "0");
}

/** A path as a POSIX shell reads it. */
function quote(path: string): string {
  return /^[\w./+@:-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
