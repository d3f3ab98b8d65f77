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

/**
 * Runs a TypeScript program in a process of its own, where a crash is seen. It can collect garbage when it likes
 * (`globalThis.gc`), and what C's allocator frees is overwritten at once.
 */
export async function runProgram(program: URL, ...args: readonly string[]): Promise<ProgramEnd> {
  const child = spawn(process.execPath, [...nodeFlags, fileURLToPath(program), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    // glibc: mallopt(3), M_PERTURB, which spares what its per-thread cache takes.
    env: { ...process.env, MALLOC_PERTURB_: "165", GLIBC_TUNABLES: "glibc.malloc.tcache_count=0" },
    timeout: 150_000,
  });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: child.exitCode, signal: child.signalCode, output, errors };
}

/** What is not used any more is known at once to be (by optimized code alone), and freed, not by another thread later. */
const nodeFlags = [
  "--conditions=source",
  "--expose-gc",
  "--always-turbofan",
  "--single-threaded-gc",
  "--no-concurrent-array-buffer-sweeping",
];
