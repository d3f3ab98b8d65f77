import { lstat, mkdir, realpath, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { basename, dirname, join } from "node:path";
import { TransportError, UsageError } from "@fairlead/core";

/**
 * Finds a place for a socket that only this user can reach: its folder, which is made where there is none, is entered by
 * nobody else, so that the socket is safe from its first moment on. A socket that nobody listens on any more is removed.
 *
 * @returns the path without links.
 * @throws UsageError OPTION_INVALID for a folder of others, or one that they may enter, and for what is no socket there;
 * TransportError ADDRESS_IN_USE where somebody listens.
 */
export async function privateSocketPath(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const folder = await realpath(dirname(path));
  const { uid, mode } = await stat(folder);
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0) {
    throw refuse(path, "others may enter its folder", `chmod 700 ${folder}, or choose another`);
  }
  const place = join(folder, basename(path));
  const there = await lstat(place).catch(() => undefined);
  if (there === undefined) return place;
  if (!there.isSocket()) throw refuse(path, "there is something that is no socket", "choose another path");
  if (await isListening(place)) throw new TransportError("ADDRESS_IN_USE", { operation: "listen", peer: path });
  await rm(place, { force: true });
  return place;
}

/**
 * Finds a socket that belongs to this user, in a folder in which nobody else can put another in its place.
 *
 * @returns the path without links, which others could turn elsewhere.
 * @throws UsageError OPTION_INVALID where it is not so: whoever listens there could show whatever he likes.
 */
export async function requireOwnSocket(path: string): Promise<string> {
  const place = await realpath(path).catch(() => undefined);
  const there = place === undefined ? undefined : await lstat(place).catch(() => undefined);
  if (place === undefined || there?.isSocket() !== true) {
    throw refuse(path, "there is no socket", "start the program that offers it, and name what it printed");
  }
  if (there.uid !== process.getuid?.()) throw refuse(path, "it belongs to another user", "be that user");
  const { uid, mode } = await stat(dirname(place));
  if ((uid !== there.uid && uid !== 0) || (mode & 0o022) !== 0) {
    throw refuse(path, "others may write to its folder", "have the program offer it in a folder of yours alone");
  }
  return place;
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}

function refuse(peer: string, detail: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "offer inspection", peer, detail, remedy });
}
