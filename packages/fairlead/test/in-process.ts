import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { runCommandLine } from "../src/command-line.ts";
import type { TestUser } from "./child.ts";

/** What a command line that ran in this process left behind. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command line as a user does, without a terminal and in this process: several times as fast as in one of its own.
 * `columns` are those of a terminal.
 */
export async function runHere(args: readonly string[], user: TestUser, columns?: number): Promise<Ran> {
  const [stdin, stderr] = [new PassThrough(), new PassThrough()];
  const stdout = Object.assign(new PassThrough(), columns === undefined ? {} : { columns });
  stdin.end();
  const printed = Promise.all([text(stdout), text(stderr)]);
  const exitCode = await runCommandLine(args, {
    ...{ stdin, stdout, stderr },
    env: { HOME: user.home, XDG_STATE_HOME: user.path("state") },
    signal: new AbortController().signal,
    self: [process.execPath],
  });
  stdout.end();
  stderr.end();
  const [out, err] = await printed;
  return { exitCode, stdout: out, stderr: err };
}
