import type { Readable, Writable } from "node:stream";

/** Where a command writes. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Where a command reads. */
export type Input = Readable & { readonly isTTY?: boolean };

/** All that a command sees of the process it runs in. */
export interface Surroundings {
  readonly stdin: Input;
  /** What was asked for: a body, a table, JSON. */
  readonly stdout: Output;
  /** What is said about it: hops, progress, questions, the one line of an error. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Fires with an `Interruption` when the user or the system wants the command to end. */
  readonly signal: AbortSignal;
  /** Starts this command line in a process of its own: program and leading arguments. */
  readonly self: readonly [program: string, ...leading: string[]];
}

/** One command of the command line. */
export interface Command {
  /** The page that `fairlead help COMMAND` prints, without the last line break. */
  readonly usage: string;
  /**
   * Does it.
   *
   * @returns the exit code.
   * @throws ArgumentsError for arguments that cannot be; Interruption; and whatever goes wrong.
   */
  readonly run: (args: readonly string[], surroundings: Surroundings) => Promise<number>;
}

/** A command that is loaded when it is asked for. */
export interface CommandEntry {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}
