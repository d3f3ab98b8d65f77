import { FileError, type PolicyError } from "@fairlead/core";
import { constants, type BigIntStats, type Stats } from "node:fs";
import { open, readlink, realpath, stat, type FileHandle } from "node:fs/promises";
import { fileErrorFrom } from "../../file-error.ts";
import { fileMissing, outsideRoot } from "./file-fault.ts";
import { namesBelow, resolveBelow, type Root } from "./resolve-below.ts";

/** A regular file that is open for reading. Whoever has it closes it. */
export interface OpenedFile {
  readonly handle: FileHandle;
  readonly stats: BigIntStats;
}

/** Opens nothing, and names what is there: no device hears of it. open(2), Linux; Node does not name it. */
const O_PATH = 0o10_000_000;
const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants;
/** Windows has none of it. */
const O_NOFOLLOW = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0;

/**
 * Opens a regular file below a root, and nothing else: whatever changes on the way, what is open in the end was below the
 * root when it was looked at, and no pipe was waited for and no device was touched.
 *
 * @throws PolicyError FILE_OUTSIDE_ROOT; FileError FILE_NOT_FOUND, FILE_NOT_REGULAR or another.
 */
export async function openRegular(root: Root, names: readonly string[], peer: string): Promise<OpenedFile> {
  const { path, stats } = await resolveBelow(root, names, peer);
  if (stats === undefined) throw fileMissing(peer);
  requireRegular(stats, peer);
  try {
    return process.platform === "linux" ? await openByName(path, root, peer) : await openAndCompare(path, root, peer);
  } catch (error) {
    throw fileErrorFrom(error, peer, "read");
  }
}

/** @throws FileError FILE_NOT_REGULAR */
export function requireRegular(stats: Stats | BigIntStats, peer: string): void {
  if (!stats.isFile()) throw new FileError("FILE_NOT_REGULAR", { peer, operation: "open", detail: kindOf(stats) });
}

/** What was named is held first, looked at, and only then opened: nothing can come into its place. */
async function openByName(path: string, root: Root, peer: string): Promise<OpenedFile> {
  const named = await open(path, O_PATH | O_NOFOLLOW);
  try {
    requireRegular(await named.stat(), peer);
    const link = `/proc/self/fd/${String(named.fd)}`;
    if (namesBelow({ given: root.real, real: root.real }, await readlink(link)) === undefined) throw moved(peer);
    return await opened(await open(link, O_RDONLY | O_NONBLOCK | O_NOCTTY), peer);
  } finally {
    await named.close();
  }
}

/** Where there is no such name, what was opened is compared with what stands at the path then. */
async function openAndCompare(path: string, root: Root, peer: string): Promise<OpenedFile> {
  const file = await opened(await open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW), peer);
  try {
    const real = await realpath(path);
    const { dev, ino } = await stat(real, { bigint: true });
    const isSame = dev === file.stats.dev && ino === file.stats.ino;
    if (!isSame || namesBelow({ given: root.real, real: root.real }, real) === undefined) throw moved(peer);
    return file;
  } catch (error) {
    await file.handle.close();
    throw error;
  }
}

async function opened(handle: FileHandle, peer: string): Promise<OpenedFile> {
  try {
    const stats = await handle.stat({ bigint: true });
    requireRegular(stats, peer);
    return { handle, stats };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function moved(peer: string): PolicyError {
  return outsideRoot(peer, "it was moved while it was opened");
}

function kindOf(stats: Stats | BigIntStats): string {
  if (stats.isDirectory()) return "it is a directory";
  if (stats.isFIFO()) return "it is a pipe";
  if (stats.isSocket()) return "it is a socket";
  if (stats.isBlockDevice() || stats.isCharacterDevice()) return "it is a device";
  return "it is something else";
}
