import { closeSync, constants, existsSync, fstatSync, readlinkSync, realpathSync, statSync, type Stats } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { FileError } from "@fairlead/core";
import { closeDescriptor, openDescriptor } from "./descriptor.ts";

/** Names what is there without opening it: no device hears of it. open(2), Linux; Node does not name it. */
const O_PATH = 0o10_000_000;
const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
/** Neither waits for the writer of a pipe, nor makes a terminal ours. What a system does not have counts as 0 here. */
const READ_FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY;

/** Errors of the system that say that a path names nothing for us. What is forbidden is not told from what is not there. */
const NOTHING_THERE: ReadonlySet<unknown> = new Set([
  "ENOENT",
  "ENOTDIR",
  "ELOOP",
  "ENAMETOOLONG",
  "EACCES",
  "EPERM",
  "EINVAL",
]);

/** Something below a root that was found by its name, and stays the same whatever becomes of the name. */
export interface Found {
  readonly stats: Stats;
  /** Opens a regular file to be read; `undefined` when it may not, or has become another. Its descriptor is the caller's. */
  open(): Promise<number | undefined>;
  /** The path of a directory to be listed; good until {@link release}. */
  readonly path: string;
  /** It is not needed any more. What was opened stays open. */
  release(): void;
}

/** A directory that files are served from. */
export interface Root {
  /** Finds a regular file or a directory; `undefined` for anything else, and for what is not below the root. */
  find(names: readonly string[]): Promise<Found | undefined>;
}

/**
 * Opens a root. Where it is a link, it stays the directory that the link named then.
 *
 * @param linksLeadOut whether links may lead out of it.
 * @param byName whether what is found is held by the system, which Linux can; a test may do without.
 * @throws FileError FILE_NOT_FOUND when there is no such directory.
 */
export function openRoot(given: string, linksLeadOut: boolean, byName = existsSync("/proc/self/fd")): Root {
  const real = realRoot(given);
  const isBelow = (path: string): boolean =>
    linksLeadOut || path === real || path.startsWith(real.endsWith(sep) ? real : real + sep);
  const find = byName ? findHeld : findCompared;
  return {
    find: async (names) => {
      try {
        return await find(join(real, ...names), isBelow);
      } catch (error) {
        if (isNothingThere(error)) return undefined;
        throw error;
      }
    },
  };
}

function realRoot(given: string): string {
  try {
    const real = realpathSync(given);
    if (statSync(real).isDirectory()) return real;
  } catch (cause) {
    throw new FileError("FILE_NOT_FOUND", { peer: given, operation: "open", cause });
  }
  throw new FileError("FILE_NOT_FOUND", { peer: given, operation: "open", detail: "it is no directory" });
}

/** What was named is held, looked at, and only then opened: nothing can come into its place. */
async function findHeld(path: string, isBelow: (path: string) => boolean): Promise<Found | undefined> {
  const held = await openDescriptor(path, O_PATH);
  const link = `/proc/self/fd/${held}`;
  // Here, and when it is closed, nothing waits for a disk: it is a name in memory, and no file was opened by it.
  let found: Found | undefined;
  try {
    const stats = fstatSync(held);
    if (isServed(stats) && isBelow(readlinkSync(link))) {
      found = { stats, path: link, open: () => opened(link, READ_FLAGS), release: () => closeSync(held) };
    }
    return found;
  } finally {
    if (found === undefined) closeSync(held);
  }
}

/** Where the system has no such thing, what was opened is compared with what stands at its path then. */
async function findCompared(path: string, isBelow: (path: string) => boolean): Promise<Found | undefined> {
  const real = await realpath(path);
  if (!isBelow(real)) return undefined;
  const stats = await stat(real);
  if (!isServed(stats)) return undefined;
  const open = async (): Promise<number | undefined> => {
    const descriptor = await opened(real, READ_FLAGS | O_NOFOLLOW);
    if (descriptor === undefined) return undefined;
    try {
      const [own, there] = [fstatSync(descriptor), await stat(await realpath(real))];
      const isSame = [own, there].every(({ dev, ino }) => dev === stats.dev && ino === stats.ino);
      if (isSame && own.isFile() && isBelow(await realpath(real))) return descriptor;
    } catch (error) {
      closeDescriptor(descriptor);
      throw error;
    }
    closeDescriptor(descriptor);
    return undefined;
  };
  return { stats, path: real, open, release: () => undefined };
}

function isServed(stats: Stats): boolean {
  return stats.isFile() || stats.isDirectory();
}

async function opened(path: string, flags: number): Promise<number | undefined> {
  try {
    return await openDescriptor(path, flags);
  } catch (error) {
    if (isNothingThere(error)) return undefined;
    throw error;
  }
}

function isNothingThere(error: unknown): boolean {
  return error instanceof Error && "code" in error && NOTHING_THERE.has(error.code);
}
