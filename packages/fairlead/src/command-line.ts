import { ArgumentsError } from "./arguments.ts";
import type { CommandEntry, Surroundings } from "./command.ts";
import { commands } from "./command-list.ts";
import { exitCodes } from "./exit-codes.ts";
import { describeCauses, describeFailure, firstFailure } from "./failure.ts";
import { Interruption } from "./interruption.ts";
import { nearest } from "./suggestion.ts";
import { packageVersion } from "./version.ts";

/**
 * Runs one command line to its end. Never throws: what goes wrong becomes one line on standard error.
 *
 * @param args without program and script.
 * @returns the exit code.
 */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const [first, ...rest] = args;
  const entry = commands.find(({ name }) => name === first);
  try {
    return entry === undefined
      ? await runWithoutCommand(first, surroundings)
      : await runCommand(entry, rest, surroundings);
  } catch (error) {
    return fail(error, entry?.name, surroundings);
  }
}

async function runCommand(
  { load }: CommandEntry,
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const command = await load();
  const end = args.indexOf("--");
  if (args.some((arg, index) => (arg === "--help" || arg === "-h") && (end === -1 || index < end))) {
    surroundings.stdout.write(`${command.usage}\n`);
    return exitCodes.ok.code;
  }
  return command.run(args, surroundings);
}

async function runWithoutCommand(first: string | undefined, { stdout, stderr }: Surroundings): Promise<number> {
  if (first === "--version" || first === "-V") {
    stdout.write(`fairlead ${packageVersion()}\n`);
    return exitCodes.ok.code;
  }
  const { overview } = await import("./commands/help.ts");
  if (first === "--help" || first === "-h") {
    stdout.write(`${overview(commands)}\n`);
    return exitCodes.ok.code;
  }
  if (first === undefined) {
    stderr.write(`${overview(commands)}\n`);
    return exitCodes.usage.code;
  }
  throw new ArgumentsError(unknownCommand(first));
}

function unknownCommand(name: string): string {
  const suggestion = nearest(
    name,
    commands.map((command) => command.name),
  );
  const kind = name.startsWith("-") ? "option" : "command";
  const isUrl = /^https?:\/\//i.test(name);
  const hint = isUrl ? "; did you mean 'fairlead get URL'?" : suggestion && `; did you mean '${suggestion}'?`;
  return `unknown ${kind} ${JSON.stringify(name)}${hint ?? ""}`;
}

function fail(thrown: unknown, command: string | undefined, { stderr, env, signal }: Surroundings): number {
  const error = firstFailure(thrown);
  // What fails after an interruption fails because of it.
  const interruption: unknown = signal.aborted ? signal.reason : error;
  if (interruption instanceof Interruption) return interruption.exitCode;
  const failure = describeFailure(error, command);
  stderr.write(`${failure.line}\n`);
  if (env["FAIRLEAD_DEBUG"] === "1")
    stderr.write(
      describeCauses(error)
        .map((line) => `${line}\n`)
        .join(""),
    );
  return failure.exitCode;
}
