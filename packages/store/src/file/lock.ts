import { randomUUID } from "node:crypto";
import { open, readFile, stat, unlink, utimes, type FileHandle } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { hasCode } from "../permissions.ts";

/** A lock that this process holds. */
export interface FileLock {
  /** Whether it is still ours: somebody may have taken it for left behind when we stood still for a minute. */
  isHeld(): Promise<boolean>;
  /** Whether the one before us was killed while it had the lock. */
  readonly wasLeftBehind: boolean;
  release(): Promise<void>;
}

/** Longer than this, no one holds a lock who is still at work: then it was left behind, wherever its owner ran. */
const staleMilliseconds = 60_000;
/**
 * Longer than this, hardly anyone is between creating a lock and writing into it who he is. Who is slower loses the lock,
 * sees so before he replaces anything, and tries again.
 */
const namelessMilliseconds = 500;

/**
 * Takes a lock, which is a file that can be created once. One that a process left behind when it was killed is removed.
 *
 * @param tidy removes what such a process has left beside its lock: before the lock goes, so that whoever is killed over it
 * leaves that to the next.
 * @returns the lock, or `undefined` when another holds it for all of the time that we may wait.
 */
export async function acquireFileLock(
  path: string,
  waitMilliseconds: number,
  tidy: () => Promise<void> = () => Promise.resolve(),
): Promise<FileLock | undefined> {
  const { pid } = process;
  const text = JSON.stringify({ pid, host: hostname(), started: await startOf(pid), token: randomUUID() });
  const deadline = performance.now() + waitMilliseconds;
  let wasLeftBehind = false;
  while (!(await createExclusively(path, text))) {
    if (await removeStale(path, text, tidy)) {
      wasLeftBehind = true;
      continue;
    }
    if (performance.now() >= deadline) return undefined;
    await delay(5 + Math.random() * 20);
  }
  try {
    // Who was killed while it removed a lock left that of the breakers, and maybe no other.
    if (await isStale(`${path}.break`)) {
      await removeIfThere(`${path}.break`);
      wasLeftBehind = true;
    }
  } catch (error) {
    await giveUp(path);
    throw error;
  }
  return {
    wasLeftBehind,
    isHeld: async () => (await readText(path)) === text,
    release: async () => {
      if ((await readText(path)) === text) await giveUp(path);
    },
  };
}

/** Removes a lock of ours; where the disk keeps it, makes it so old that nobody takes us for its owner. */
async function giveUp(path: string): Promise<void> {
  try {
    await removeIfThere(path);
  } catch {
    await utimes(path, 0, 0);
  }
}

async function createExclusively(path: string, text: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, "wx", 0o600);
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
  try {
    await file.writeFile(text);
    await file.chmod(0o600);
    return true;
  } catch (error) {
    // A full disk has room for a name, and none for what belongs into the file.
    await removeIfThere(path);
    throw error;
  } finally {
    await file.close();
  }
}

/**
 * Removes a lock whose owner is gone. Of several processes that find it, one must do so, or the second would remove the
 * lock that the first has taken since: a second lock decides which, and under it the first is looked at again.
 */
async function removeStale(path: string, text: string, tidy: () => Promise<void>): Promise<boolean> {
  if (!(await isStale(path))) return false;
  const breaking = `${path}.break`;
  if (!(await createExclusively(breaking, text))) {
    if (await isStale(breaking)) await removeIfThere(breaking);
    return false;
  }
  try {
    if (!(await isStale(path))) return false;
    await tidy();
    await removeIfThere(path);
    return true;
  } finally {
    await giveUp(breaking);
  }
}

async function isStale(path: string): Promise<boolean> {
  if (await isOlderThan(path, staleMilliseconds)) return true;
  const owner = parseOwner(await readText(path));
  if (owner === undefined) return isOlderThan(path, namelessMilliseconds);
  // Of another machine that shares the disk, only the age can tell.
  return owner.host === hostname() && !(await isAlive(owner));
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly started: string | undefined;
}

function parseOwner(text: string | undefined): Owner | undefined {
  const match = /^\{"pid":(\d+),"host":"([^"]*)"(?:,"started":"(\d+)")?/.exec(text ?? "");
  return match === null ? undefined : { pid: Number(match[1]), host: match[2] ?? "", started: match[3] };
}

async function isAlive({ pid, started }: Owner): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: alive, and another user's.
    if (hasCode(error, "ESRCH")) return false;
  }
  // The number may be another process's by now; in a container that was started again, it often is our own.
  return started === undefined || started === ((await startOf(pid)) ?? started);
}

/** When a process was started, in Linux's own measure (proc_pid_stat(5), field 22); `undefined` elsewhere. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${String(pid)}/stat`, "utf8");
    // The name of the program may hold anything; after it comes field 3.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

async function isOlderThan(path: string, milliseconds: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > milliseconds;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}
