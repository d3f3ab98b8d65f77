import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  unlinkSync,
  type Stats,
} from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { StoreError } from "@fairlead/core";
import { keepsNoModes, syncDirectory } from "./directory.ts";
import {
  currentUser,
  foreignOwner,
  formatMode,
  hasCode,
  isOpenToOthers,
  openFailed,
  openToOthers,
  quote,
} from "./refusal.ts";

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
    closeToOthers(path, descriptor);
    fsyncSync(descriptor);
    syncDirectory(dirname(path));
    return true;
  } catch (cause) {
    removeQuietly(path);
    throw openFailed(path, cause);
  } finally {
    closeSync(descriptor);
  }
}

/** A disk that fails may keep the file; what is told is why it was to go. */
function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // An empty file is no store yet.
  }
}

/** Gives a file that was just made mode 0600, and makes sure that it has it before anything is written. */
export function closeToOthers(path: string, descriptor: number): void {
  fchmodSync(descriptor, 0o600);
  const stats = fstatSync(descriptor);
  if (currentUser !== undefined && isOpenToOthers(stats)) throw keepsNoModes(dirname(path), stats);
}

/**
 * Makes sure that a file is a regular one, ours, of one name, and closed to others. It is not opened: closing a descriptor
 * would release the locks that SQLite holds on the same file elsewhere in this process (POSIX advisory locks work so).
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
    descriptor = openSync(path, readingFlags);
  } catch (cause) {
    refuseUnlessMissing(path, user, cause);
    return undefined;
  }
  try {
    verifyFileStats(path, fstatSync(descriptor), user);
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** Like {@link openPrivateFile}, without waiting for the disk. */
export async function openPrivateHandle(path: string, user = currentUser): Promise<FileHandle | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, readingFlags);
  } catch (cause) {
    refuseUnlessMissing(path, user, cause);
    return undefined;
  }
  try {
    verifyFileStats(path, await handle.stat(), user);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Not blocking, so that a pipe in the file's place is seen for what it is. Windows knows neither flag; there they are
 * undefined, which counts as zero.
 */
const readingFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

function refuseUnlessMissing(path: string, user: number | undefined, cause: unknown): void {
  if (hasCode(cause, "ENOENT")) return;
  // A link (ELOOP) or a socket (ENXIO): say which.
  verifyPrivateFile(path, user);
  throw openFailed(path, cause);
}

function verifyFileStats(path: string, stats: Stats, user: number | undefined): void {
  const facts = { peer: path, operation: "use" };
  if (stats.isSymbolicLink()) throw new StoreError("STORE_IS_LINK", facts);
  if (!stats.isFile()) throw new StoreError("STORE_NOT_A_FILE", facts);
  if (user === undefined) return;
  if (stats.uid !== user) throw foreignOwner(path);
  // By another name, others may reach it elsewhere, and SQLite would keep another log. One that was just replaced has none.
  if (stats.nlink > 1) {
    const remedy = `find the others by find -inum ${stats.ino}, and remove those that should not be`;
    throw new StoreError("STORE_IS_LINK", { ...facts, detail: `the file has ${stats.nlink} names`, remedy });
  }
  if (isOpenToOthers(stats)) throw openToOthers(path, `mode ${formatMode(stats)}`, `run chmod 600 ${quote(path)}`);
}
