import type { Ending, StressRun } from "@fairlead/testserver/stress";
import { ArgumentsError, parseArguments, type ParsedArguments } from "../arguments.ts";
import { exitCodes } from "../exit-codes.ts";
import { Interruption } from "../interruption.ts";
import { formatDuration } from "../terminal/quantities.ts";
import type { TestServerAction } from "./action.ts";
import { shellWord } from "./shell-word.ts";
import { parseStress, parseWhole, seedOf } from "./stress-options.ts";

const specification = {
  options: {
    stress: { type: "value" },
    seed: { type: "value" },
    times: { type: "value" },
    "until-failure": { type: "flag" },
    timeout: { type: "value" },
    "keep-network": { type: "flag" },
    verbose: { type: "flag", short: "v" },
  },
  positionals: [],
} as const;

/** Repeats a command beside a network and under stress, until it fails or has been run often enough. */
export const run: TestServerAction = async (args, surroundings) => {
  const { stdout, signal, env } = surroundings;
  const { options, command } = parseRun(args);
  const [program = "", ...rest] = command;
  const { repeatUnderStress, isPassed, describeStress, stressKindNames, stressKinds } = await import(
    "@fairlead/testserver/stress"
  );
  const kinds = options.stress === undefined ? [] : parseStress(options.stress, stressKindNames);
  const timeoutSeconds = options.timeout === undefined ? 600 : parseWhole("--timeout", options.timeout, 1, 86_400);
  const runs = repeatUnderStress(program, rest, {
    ...{ kinds, seed: seedOf(options.seed), times: timesOf(options), signal, environment: env },
    timeoutMilliseconds: timeoutSeconds * 1000,
    output: options.verbose ? "inherit" : "keep",
    keepNetwork: options["keep-network"],
    endBy: () => signalOf(signal.reason),
  });
  for (const kind of kinds) stdout.write(`${kind} ${stressKinds[kind]}\n`);
  for await (const each of runs) {
    signal.throwIfAborted();
    stdout.write(`${formatRun(each)}\n`);
    if (isPassed(each)) continue;
    const again = ["fairlead", ...replay(options, each.seed), "--", ...command].map(shellWord).join(" ");
    stdout.write(`${formatFailure(each, describeStress(each.plan))}\nAgain, with the same stress:\n  ${again}\n`);
    return each.ending.type === "timed-out" ? exitCodes.timeout.code : exitCodes.failed.code;
  }
  signal.throwIfAborted();
  return exitCodes.ok.code;
};

type RunOptions = ParsedArguments<typeof specification>["options"];

/** Options of ours are before the two dashes, and all behind them is the command's. */
function parseRun(args: readonly string[]): { readonly options: RunOptions; readonly command: readonly string[] } {
  const dashes = args.indexOf("--");
  const { options } = parseArguments(specification, dashes === -1 ? args : args.slice(0, dashes));
  const command = dashes === -1 ? [] : args.slice(dashes + 1);
  if (command.length === 0) throw new ArgumentsError("COMMAND is missing; it goes behind two dashes: -- COMMAND");
  return { options, command };
}

function timesOf({ times, "until-failure": untilFailure }: RunOptions): number {
  if (untilFailure && times !== undefined) throw new ArgumentsError("--times and --until-failure exclude each other");
  if (untilFailure) return Number.POSITIVE_INFINITY;
  return times === undefined ? 1 : parseWhole("--times", times, 1, 1_000_000);
}

/** A command is told to end as we were. */
function signalOf(reason: unknown): NodeJS.Signals {
  const code = reason instanceof Interruption ? reason.exitCode : exitCodes.terminate.code;
  return code === exitCodes.interrupt.code ? "SIGINT" : code === exitCodes.hangUp.code ? "SIGHUP" : "SIGTERM";
}

function replay({ stress, timeout }: RunOptions, seed: number): readonly string[] {
  return [
    ...["testserver", "run"],
    ...(stress === undefined ? [] : ["--stress", stress]),
    ...["--seed", String(seed)],
    ...(timeout === undefined ? [] : ["--timeout", timeout]),
  ];
}

function formatRun({ number, seed, durationMilliseconds, ending }: StressRun): string {
  const took = formatDuration(durationMilliseconds).padStart(8);
  return `run ${String(number).padEnd(4)} seed ${String(seed).padEnd(10)} ${took}  ${formatEnding(ending)}`;
}

function formatEnding(ending: Ending): string {
  switch (ending.type) {
    case "exited":
      return `exit ${ending.code}`;
    case "killed":
      return `ended by ${ending.signal}`;
    case "timed-out":
      return "took too long";
  }
}

/** The output is the user's own command's, and passes as it is. */
function formatFailure({ number, output }: StressRun, stress: readonly string[]): string {
  const printed = output === "" ? "" : `--- what run ${number} printed ---\n${output.replace(/\n?$/, "\n")}---\n`;
  return `${stress.map((line) => `  ${line}\n`).join("")}${printed}`;
}
