import { FileError } from "@fairlead/core";
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open, readlink, rename, unlink, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileFault, outsideRoot } from "./file-fault.ts";
import { requireRegular } from "./open-regular.ts";
import { namesBelow, resolveBelow, type Root } from "./resolve-below.ts";

const { O_CREAT, O_EXCL, O_RDONLY, O_WRONLY, O_DIRECTORY } = constants;
const PERMISSIONS = 0o777;

/**
 * Puts a body in the place of a file below a root, or makes it: what stands under the name is the old one or the new one, and
 * whole.
 *
 * @returns whether the file is new.
 * @throws PolicyError FILE_OUTSIDE_ROOT, FILE_KIND_REFUSED; TransportError FILE_NOT_FOUND for its directory;
 * FileError; what the body failed with; or the signal's reason.
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
    const handle = await open(draft, O_WRONLY | O_CREAT | O_EXCL).catch((error: unknown) => {
      throw fileFault(error, peer, "write");
    });
    try {
      await fill(handle, body, peer, signal);
      if (stats !== undefined) await handle.chmod(stats.mode & PERMISSIONS);
      await handle.sync();
    } finally {
      await handle.close();
    }
    signal.throwIfAborted();
    await rename(draft, place.at(basename(path)));
    return stats === undefined;
  } catch (error) {
    await unlink(draft).catch(() => undefined);
    throw fileFault(error, peer, "write");
  } finally {
    await place.close();
  }
}

async function fill(
  handle: FileHandle,
  body: AsyncIterable<Uint8Array>,
  peer: string,
  signal: AbortSignal,
): Promise<void> {
  for await (const chunk of body) {
    signal.throwIfAborted();
    for (let at = 0; at < chunk.length; ) {
      const { bytesWritten } = await handle.write(chunk, at);
      if (bytesWritten === 0) throw new FileError("FILE_IO_FAILED", { peer, operation: "write" });
      at += bytesWritten;
    }
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
  const handle = await open(path, O_RDONLY | O_DIRECTORY).catch((error: unknown) => {
    throw fileFault(error, peer, "write");
  });
  const link = `/proc/self/fd/${String(handle.fd)}`;
  try {
    if (namesBelow({ given: root.real, real: root.real }, await readlink(link)) !== undefined) {
      return { at: (name) => join(link, name), close: () => handle.close() };
    }
  } catch (error) {
    await handle.close();
    throw fileFault(error, peer, "write");
  }
  await handle.close();
  throw outsideRoot(peer, "its directory was moved while it was opened");
}
