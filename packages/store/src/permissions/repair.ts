import { chmodSync, closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { formatMode, isOpenToOthers } from "./refusal.ts";

/** Is told what was mended, in one clause. */
export type Mended = (what: string) => void;

/**
 * Takes from other users what rights they have in a store's directory and files, where that is ours to do. What it leaves
 * (links, files of other users, a directory in which there is something else) is refused by whoever looks next.
 *
 * Who has a file open already keeps it open: no change of mode ends that.
 */
export function mendStore(file: string, user: number, onMended: Mended): void {
  if (!mendDirectory(file, user, onMended)) return;
  // From here on nobody else can exchange what stands in the directory. The files are not opened, see verifyPrivateFile.
  for (const path of ownFiles(file)) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile() || stats.uid !== user || stats.nlink > 1 || !isOpenToOthers(stats))
      continue;
    chmodSync(path, 0o600);
    onMended(`${path} had mode ${formatMode(stats)} and has 0600 now`);
  }
}

/** @returns whether the directory is closed to others now. */
function mendDirectory(file: string, user: number, onMended: Mended): boolean {
  const path = dirname(file);
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    const stats = fstatSync(descriptor);
    if (stats.uid !== user) return false;
    if (!isOpenToOthers(stats)) return true;
    // Closing somebody's home, or what a web server reads, is not ours to do.
    if (ownFiles(file).length < readdirSync(path).length) return false;
    fchmodSync(descriptor, 0o700);
    onMended(`${path} had mode ${formatMode(stats)} and has 0700 now`);
    return true;
  } finally {
    closeSync(descriptor);
  }
}

/** What a store keeps in its directory: its file, and what begins with that name, as a database's log does. */
function ownFiles(file: string): readonly string[] {
  const name = basename(file);
  const directory = dirname(file);
  return readdirSync(directory)
    .filter((found) => found === name || found.startsWith(`${name}-`) || found.startsWith(`${name}.`))
    .map((found) => join(directory, found));
}
