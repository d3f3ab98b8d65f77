import { randomUUID } from "node:crypto";
import { open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { closeToOthers } from "../permissions.ts";
import { fileLimitBytes, formatIdentity } from "./store-file.ts";

/**
 * Gives a file a new content, so that whoever reads it, also after a power cut, finds the old one or the new one, whole.
 * The file is of mode 0600 whatever the umask.
 *
 * @param mayReplace is asked in the last moment.
 * @returns the file's identity, or `undefined` when it may not be replaced.
 */
export async function replaceFile(
  path: string,
  pieces: Iterable<string>,
  mayReplace: () => Promise<boolean>,
): Promise<string | undefined> {
  const temporary = `${path}.${randomUUID()}`;
  let identity: string;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      closeToOthers(temporary, file.fd);
      // Piece by piece: what comes next is made while nothing else waits.
      await file.writeFile(pieces);
      await file.sync();
      const stats = await file.stat({ bigint: true });
      if (stats.size > fileLimitBytes) throw new Error("the file would become too large to be read again");
      identity = formatIdentity(stats);
    } finally {
      await file.close();
    }
    if (!(await mayReplace())) {
      await rm(temporary);
      return undefined;
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
  return identity;
}

/** Removes what {@link replaceFile} leaves when the process is killed. Nobody else may be replacing the file. */
export async function removeLeftovers(path: string): Promise<void> {
  const directory = dirname(path);
  const prefix = `${basename(path)}.`;
  for (const name of await readdir(directory)) {
    if (name.startsWith(prefix) && uuid.test(name.slice(prefix.length)))
      await rm(join(directory, name), { force: true });
  }
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open directories, and NTFS journals names by itself.
  if (process.platform === "win32") return;
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
