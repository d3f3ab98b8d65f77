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
export function runProgram(program: URL, ...args: readonly string[]): Promise<ProgramEnd> {
  return runWith([], program, args);
}

/** The same, with garbage collection within its reach (`globalThis.gc`) that frees at once what is not used any more. */
export function runCollectingProgram(program: URL, ...args: readonly string[]): Promise<ProgramEnd> {
  return runWith(collectionFlags, program, args);
}

async function runWith(flags: readonly string[], program: URL, args: readonly string[]): Promise<ProgramEnd> {
  const child = spawn(process.execPath, ["--conditions=source", ...flags, fileURLToPath(program), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    // glibc: mallopt(3), M_PERTURB, which spares what its per-thread cache takes.
    env: { ...process.env, MALLOC_PERTURB_: "165", GLIBC_TUNABLES: "glibc.malloc.tcache_count=0" },
    timeout: 150_000,
  });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: child.exitCode, signal: child.signalCode, output, errors };
}

/** Only optimized code knows what it does not use any more; without the others another thread frees it some time later. */
const collectionFlags = [
  "--expose-gc",
  "--always-turbofan",
  "--single-threaded-gc",
  "--no-concurrent-array-buffer-sweeping",
];
