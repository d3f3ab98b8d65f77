import {
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  rmdirSync,
  type Stats,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import {
  currentUser,
  foreignOwner,
  formatMode,
  hasCode,
  isOpenToOthers,
  isSticky,
  openFailed,
  openToOthers,
  quote,
} from "./refusal.ts";
import { mendStore, type Mended } from "./repair.ts";
import { followTrustedPath } from "./trusted-path.ts";

/** How the place of a store is looked at. */
export interface PlaceOptions {
  /** Who may own it; by default who runs the process. */
  readonly user?: number | undefined;
  /** Asks for what is too open to be closed where it may be; told what was. */
  readonly onMended?: Mended | undefined;
}

/**
 * Makes the directory of a store, with mode 0700 whatever the umask, where it is missing, and makes sure that nobody else
 * has any right in it, and that no other user can put another directory in its place.
 *
 * @returns the file's path with all links in its directory resolved.
 * @throws StoreError STORE_PERMISSIONS, STORE_FOREIGN_OWNER or STORE_OPEN_FAILED.
 */
export function prepareDirectory(path: string, { user = currentUser, onMended }: PlaceOptions = {}): string {
  const absolute = resolve(path);
  const name = basename(absolute);
  try {
    if (user === undefined) return join(makeDirectory(dirname(absolute)), name);
    const { reached, missing } = followTrustedPath(dirname(absolute), user);
    const directory = missing.reduce((above, below) => makeClosedDirectory(join(above, below)), reached);
    const file = join(directory, name);
    if (onMended !== undefined) mendStore(file, user, onMended);
    verifyDirectory(file, { user });
    return file;
  } catch (cause) {
    throw openFailed(absolute, cause);
  }
}

/** Where modes mean nothing. */
function makeDirectory(path: string): string {
  mkdirSync(path, { recursive: true });
  return realpathSync(path);
}

function makeClosedDirectory(path: string): string {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process of ours was quicker; whose it is is looked at in the end.
    if (hasCode(error, "EEXIST")) return path;
    throw error;
  }
  // The umask may have taken bits away; nobody else can have exchanged it, see followTrustedPath.
  chmodSync(path, 0o700);
  const stats = lstatSync(path);
  if (isOpenToOthers(stats)) {
    rmdirSync(path);
    throw keepsNoModes(dirname(path), stats);
  }
  syncDirectory(dirname(path));
  return path;
}

/** Refuses a file system, such as FAT, on which all files have the same mode. */
export function keepsNoModes(path: string, stats: Stats): Error {
  const detail = `what is made here has mode ${formatMode(stats)} whatever is asked for`;
  return openToOthers(path, detail, "choose another file system, or mount this one for yourself only (umask=077)");
}

/**
 * Makes sure of the directory in which a store's file is.
 *
 * @throws StoreError STORE_PERMISSIONS, STORE_FOREIGN_OWNER; and what the system says.
 */
export function verifyDirectory(file: string, { user = currentUser }: PlaceOptions = {}): void {
  if (user === undefined) return;
  const path = dirname(file);
  const stats = lstatSync(path);
  if (stats.uid !== user && stats.uid !== 0) throw foreignOwner(path);
  if (!isOpenToOthers(stats)) return;
  throw openToOthers(
    path,
    `mode ${formatMode(stats)} gives other users rights in the directory`,
    remedyFor(file, stats, user),
  );
}

function remedyFor(file: string, stats: Stats, user: number): string {
  const path = dirname(file);
  const close = `run chmod 700 ${quote(path)}`;
  // Others could exchange a directory in it.
  if (!isSticky(stats) && (stats.mode & 0o022) !== 0) return close;
  const own = `name a directory of its own, which is made for it: ${quote(join(path, "fairlead", basename(file)))}`;
  // In such a directory, or in root's, others rightly have a place.
  return isSticky(stats) || stats.uid !== user ? own : `${own}; or ${close} if nobody else needs it`;
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
