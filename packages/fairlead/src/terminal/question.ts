import { createInterface } from "node:readline/promises";
import type { Surroundings } from "../command.ts";

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
export async function askYesOrNo(
  question: string,
  { stdin, stderr, signal }: Pick<Surroundings, "stdin" | "stderr" | "signal">,
): Promise<boolean> {
  const lines = createInterface({ input: stdin, output: stderr });
  const closed = new AbortController();
  // The interface holds the terminal, so Ctrl-C reaches it and not the process.
  lines.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
  lines.once("close", () => {
    closed.abort();
  });
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal: AbortSignal.any([signal, closed.signal]) });
    return /^\s*y(?:es)?\s*$/i.test(answer);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (closed.signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}
