import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** How a program ended. */
export interface ProgramEnd {
  readonly code: number | null;
  /** What ended it from outside, or from inside C: `SIGSEGV`. */
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a TypeScript program in a process of its own, where a crash is seen. What C's allocator frees is overwritten. */
export async function runProgram(
  program: URL,
  { parameters = [], nodeFlags = [] }: ProgramOptions = {},
): Promise<ProgramEnd> {
  const child = spawn(process.execPath, ["--conditions=source", ...nodeFlags, fileURLToPath(program), ...parameters], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...allocator },
    timeout: 170_000,
  });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: child.exitCode, signal: child.signalCode, output, errors };
}

/** What a program is started with. */
export interface ProgramOptions {
  readonly parameters?: readonly string[];
  readonly nodeFlags?: readonly string[];
}

/**
 * Flags for `globalThis.gc` that frees at once what is not used any more. Only optimized code knows what it does not use any
 * more; without the others another thread frees it some time later.
 */
export const eagerCollection: readonly string[] = [
  "--expose-gc",
  "--always-turbofan",
  "--single-threaded-gc",
  "--no-concurrent-array-buffer-sweeping",
];

/** Flags for a heap that does not grow by itself, so that what leaks is seen. */
export const steadyHeap: readonly string[] = ["--expose-gc", "--max-semi-space-size=2"];

/** glibc: mallopt(3), M_PERTURB, which spares what its per-thread cache takes, and one arena for all threads. */
const allocator = {
  MALLOC_PERTURB_: "165",
  MALLOC_ARENA_MAX: "1",
  GLIBC_TUNABLES: "glibc.malloc.tcache_count=0",
};
