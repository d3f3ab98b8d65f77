import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { isSystemError } from "../file-error.ts";

/** Owners on other machines say nothing about themselves: longer than this without a write, they are gone. */
const SILENCE_MILLISECONDS = 600_000;

/**
 * The name of this process, which no other has, also after it has ended: number, time of its start where the system tells,
 * and machine.
 */
export async function thisOwner(): Promise<string> {
  return `${String(process.pid)}-${await startOf(process.pid)}-${thisMachine()}`;
}

/** What the name of an owner looks like. */
export const OWNER_PATTERN = String.raw`\d+-\d*-[\da-f]{8}`;

/**
 * Whether an owner is still there.
 *
 * @param silenceMilliseconds how long ago it last wrote.
 */
export async function isOwnerAlive(owner: string, silenceMilliseconds: number): Promise<boolean> {
  const [pid = "", start = "", machine = ""] = owner.split("-");
  if (machine !== thisMachine()) return silenceMilliseconds < SILENCE_MILLISECONDS;
  return isRunning(Number(pid)) && (await startOf(Number(pid))) === start;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, and is another user's.
    return !isSystemError(error, "ESRCH");
  }
}

/** When a process began, in the system's ticks; empty where the system does not say. Numbers of processes are used again. */
async function startOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${String(pid)}/stat`, "utf8").catch(() => "");
  // The name of the program, in parentheses, may hold anything.
  return /^\d+$/.exec(status.slice(status.lastIndexOf(")") + 2).split(" ")[19] ?? "")?.[0] ?? "";
}

function thisMachine(): string {
  return createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
}
