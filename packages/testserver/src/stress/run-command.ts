import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Command } from "./command-under-stress.ts";
import { KeptOutput } from "./kept-output.ts";
import { signalGroup } from "./process-group.ts";

/** How a command ended. */
export type Ending =
  | { readonly type: "exited"; readonly code: number }
  | { readonly type: "killed"; readonly signal: NodeJS.Signals }
  | { readonly type: "timed-out" };

/** What a command left behind. */
export interface Finished {
  readonly ending: Ending;
  readonly durationMilliseconds: number;
  /** What it printed on both outputs, in order; empty where it was not kept. */
  readonly output: string;
}

/** How a command is run. */
export interface RunCommandOptions {
  readonly timeoutMilliseconds: number;
  /** `keep` collects what it prints, `inherit` lets it print. */
  readonly output: "keep" | "inherit";
  /** Ends the command, by the signal that `endBy` says. */
  readonly signal: AbortSignal;
  readonly endBy: () => NodeJS.Signals;
  /** Is called with the command's group of processes before it is waited for. */
  readonly onStart: (processGroup: number) => Promise<void>;
}

const keptBytes = 2 ** 20;
const graceMilliseconds = 2000;

/**
 * Runs a command in a group of processes of its own, without input, and waits for its end; whatever it leaves running in
 * its group is killed. Resolves after an abort too, once the command has ended.
 */
export async function runCommand(command: Command, options: RunCommandOptions): Promise<Finished> {
  const { timeoutMilliseconds, output, signal, endBy, onStart } = options;
  const kept = new KeptOutput(keptBytes);
  const beganAt = performance.now();
  const piped = output === "keep" ? "pipe" : "inherit";
  const child = spawn(command.program, [...command.arguments], {
    env: command.environment,
    stdio: ["ignore", piped, piped],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (piece: Buffer) => {
      kept.add(piece);
    });
  const exited = once(child, "exit");
  const closed = once(child, "close");
  closed.catch(() => undefined);
  const { pid } = child;
  // A program that could not be started has none; `exited` rejects with the reason.
  if (pid === undefined) await exited;

  let grace: NodeJS.Timeout | undefined;
  const end = (by: NodeJS.Signals): void => {
    signalGroup(pid, "SIGCONT");
    signalGroup(pid, by);
    grace ??= setTimeout(() => {
      signalGroup(pid, "SIGKILL");
    }, graceMilliseconds);
  };
  const tooLong = new AbortController();
  const deadline = setTimeout(() => {
    tooLong.abort();
    end("SIGTERM");
  }, timeoutMilliseconds);
  const onAbort = (): void => {
    end(endBy());
  };
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    await onStart(pid ?? 0);
    // As child_process has it: a code or a signal.
    const [code, killedBy] = (await exited) as [number | null, NodeJS.Signals | null];
    const durationMilliseconds = performance.now() - beganAt;
    signalGroup(pid, "SIGKILL");
    // One that has left the group may hold the outputs open.
    const giveUp = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, graceMilliseconds);
    await closed.finally(() => {
      clearTimeout(giveUp);
    });
    const ending: Ending = tooLong.signal.aborted
      ? { type: "timed-out" }
      : killedBy === null
        ? { type: "exited", code: code ?? 0 }
        : { type: "killed", signal: killedBy };
    return { ending, durationMilliseconds, output: kept.text };
  } finally {
    signalGroup(pid, "SIGKILL");
    clearTimeout(deadline);
    clearTimeout(grace);
    signal.removeEventListener("abort", onAbort);
  }
}
