import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** What a program that ended by itself left behind. */
export interface ProgramResult {
  readonly code: number | null;
  /** What it wrote to standard output, as JSON. */
  readonly output: unknown;
  readonly errors: string;
}

/** Runs a program of this folder in a process of its own until it ends by itself. */
export async function runProgram(name: string, ...args: readonly string[]): Promise<ProgramResult> {
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--conditions=source", "--expose-gc", file, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code: child.exitCode, output: output === "" ? undefined : JSON.parse(output), errors };
}
