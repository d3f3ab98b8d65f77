import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Starts `writing-process.ts` from its sources. */
export function startProcess(...parameters: readonly string[]): ChildProcessWithoutNullStreams {
  const file = fileURLToPath(new URL("./writing-process.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=source", file, ...parameters]);
  child.stderr.pipe(process.stderr);
  return child;
}

/** Resolves when a process says something; rejects when it ends before. */
export async function firstOutput(child: ChildProcessWithoutNullStreams): Promise<void> {
  const ended = exitOf(child).then((exit) => {
    throw new Error(`the process ended with ${String(exit)} before it said anything`);
  });
  await Promise.race([once(child.stdout, "data"), ended]);
  // Its end is waited for elsewhere.
  ended.catch(() => undefined);
}

/** How a process ended. */
export async function exitOf(child: ChildProcessWithoutNullStreams): Promise<number | NodeJS.Signals | null> {
  // These are the event's arguments, by Node's documentation.
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return code ?? signal;
}
