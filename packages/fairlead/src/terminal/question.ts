import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Surroundings } from "../command.ts";

/** What asking needs. */
type Asking = Pick<Surroundings, "stdin" | "stderr" | "signal">;

/** Whether there is somebody who can be asked. */
export function canAsk({ stdin, stderr }: Surroundings): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/**
 * Asks for yes or no on the terminal; anything but `y` or `yes` is no.
 *
 * @param question safe to print.
 * @throws the signal's reason when it fires first.
 */
export async function askYesOrNo(question: string, { stdin, stderr, signal }: Asking): Promise<boolean> {
  const answer = await readLine(`${question} [y/N] `, { stdin, stderr, signal });
  return /^\s*y(?:es)?\s*$/i.test(answer ?? "");
}

/**
 * Asks for a word on the terminal.
 *
 * @param question safe to print.
 * @returns what was typed, without spaces around it; `undefined` when the input ended.
 * @throws the signal's reason when it fires first.
 */
export async function askWord(question: string, { stdin, stderr, signal }: Asking): Promise<string | undefined> {
  return (await readLine(question, { stdin, stderr, signal }))?.trim();
}

/**
 * Asks for a secret on the terminal, which does not show what is typed.
 *
 * @param question safe to print.
 * @returns `undefined` when nothing was typed, or the input ended.
 * @throws the signal's reason when it fires first.
 */
export async function askSecret(question: string, { stdin, stderr, signal }: Asking): Promise<string | undefined> {
  stderr.write(question);
  try {
    const answer = await readLine("", { stdin, stderr: new Unseen(), signal });
    return answer === "" ? undefined : answer;
  } finally {
    stderr.write("\n");
  }
}

/** What the line editor shows goes nowhere. */
class Unseen extends Writable {
  override _write(_chunk: unknown, _encoding: BufferEncoding, callback: () => void): void {
    callback();
  }
}

/** @returns `undefined` when the input ended. @throws the signal's reason when it fires first. */
async function readLine(question: string, { stdin, stderr, signal }: Asking): Promise<string | undefined> {
  // The line editor keeps the terminal from showing what is typed, whatever it writes to.
  const lines = createInterface({ input: stdin, output: stderr, terminal: stdin.isTTY === true });
  const closed = new AbortController();
  // The interface holds the terminal, so Ctrl-C reaches it and not the process.
  lines.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
  lines.once("close", () => {
    closed.abort();
  });
  try {
    return await lines.question(question, { signal: AbortSignal.any([signal, closed.signal]) });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (closed.signal.aborted) return undefined;
    throw error;
  } finally {
    lines.close();
  }
}
