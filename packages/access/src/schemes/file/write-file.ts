import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open, readlink, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { namingFile } from "../../file-error.ts";
import { outsideRoot } from "./file-fault.ts";
import { requireRegular } from "./open-regular.ts";
import { namesBelow, resolveBelow, type Root } from "./resolve-below.ts";

const { O_CREAT, O_EXCL, O_RDONLY, O_WRONLY, O_DIRECTORY } = constants;
const PERMISSIONS = 0o777;

/**
 * Puts a body in the place of a file below a root, or makes it: what stands under the name is the old one or the new one, and
 * whole.
 *
 * @returns whether the file is new.
 * @throws PolicyError FILE_OUTSIDE_ROOT; FileError FILE_NOT_FOUND for its directory, FILE_NOT_REGULAR or another; what the
 * body failed with; or the signal's reason.
 */
export async function writeFileBelow(
  root: Root,
  names: readonly string[],
  body: AsyncIterable<Uint8Array>,
  peer: string,
  signal: AbortSignal,
): Promise<boolean> {
  const { path, stats } = await resolveBelow(root, names, peer);
  if (stats !== undefined) requireRegular(stats, peer);
  const place = await openPlace(dirname(path), root, peer);
  const draft = place.at(`.${randomBytes(9).toString("base64url")}.draft`);
  try {
    const handle = await namingFile(peer, "write", () => open(draft, O_WRONLY | O_CREAT | O_EXCL));
    try {
      for await (const chunk of body) {
        signal.throwIfAborted();
        await namingFile(peer, "write", () => handle.writeFile(chunk));
      }
      await namingFile(peer, "write", async () => {
        if (stats !== undefined) await handle.chmod(stats.mode & PERMISSIONS);
        await handle.sync();
      });
    } finally {
      await handle.close();
    }
    signal.throwIfAborted();
    await namingFile(peer, "write", () => rename(draft, place.at(basename(path))));
    return stats === undefined;
  } catch (error) {
    await unlink(draft).catch(() => undefined);
    throw error;
  } finally {
    await place.close();
  }
}

/** A directory in which files are made. */
interface Place {
  at(name: string): string;
  close(): Promise<void>;
}

/** On Linux the directory itself is held: nothing can come into its place. */
async function openPlace(path: string, root: Root, peer: string): Promise<Place> {
  if (process.platform !== "linux") return { at: (name) => join(path, name), close: () => Promise.resolve() };
  return namingFile(peer, "write", async () => {
    const handle = await open(path, O_RDONLY | O_DIRECTORY);
    const link = `/proc/self/fd/${String(handle.fd)}`;
    try {
      if (namesBelow({ given: root.real, real: root.real }, await readlink(link)) === undefined) {
        throw outsideRoot(peer, "its directory was moved while it was opened");
      }
    } catch (error) {
      await handle.close();
      throw error;
    }
    return { at: (name) => join(link, name), close: () => handle.close() };
  });
}
