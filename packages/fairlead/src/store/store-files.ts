import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** A file of a store, or the directory that it is in. */
export interface StoreFile {
  readonly path: string;
  /** As `chmod` has it: `0600`. */
  readonly mode: string;
  /** `undefined` for the directory. */
  readonly sizeBytes: number | undefined;
}

/** What may stand beside a store: SQLite's own files, and the responses that a manager keeps. */
const companions = ["", "-wal", "-shm", ".cache", ".cache-wal", ".cache-shm"];

/** The files that a store has, its directory first; none for one that has no files here. */
export function filesOf(url: string): StoreFile[] {
  const path = pathOf(url);
  if (path === undefined) return [];
  return [dirname(path), ...companions.map((suffix) => path + suffix)].flatMap((each) => {
    const facts = lstatSync(each, { throwIfNoEntry: false });
    if (facts === undefined) return [];
    const mode = (facts.mode & 0o7777).toString(8).padStart(4, "0");
    return { path: each, mode, sizeBytes: facts.isDirectory() ? undefined : facts.size };
  });
}

/** The path of a store that is a file; `undefined` for any other, and for a URL that cannot be read. */
export function pathOf(url: string): string | undefined {
  const path = /^(?:file|sqlite):(.+)$/is.exec(url)?.[1];
  try {
    return path?.startsWith("//") === true ? fileURLToPath(`file:${path}`) : path;
  } catch {
    return undefined;
  }
}
