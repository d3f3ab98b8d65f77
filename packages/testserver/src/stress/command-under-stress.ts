import { UsageError } from "@fairlead/core";
import { findFakeTime, findProgram } from "./machine.ts";
import type { ClockSkew, StressKind, StressPlan } from "./protocol/stress-plan.ts";

/** A program, its arguments, and what it sees around it. */
export interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Refuses what cannot be done here, before anything is started.
 *
 * @throws UsageError `OPTION_INVALID`, `PACKAGE_MISSING`
 */
export function requireStress(kinds: ReadonlySet<StressKind>): void {
  const operation = "put a command under stress";
  const impossible = (["fd", "scheduling"] as const).find((kind) => process.platform === "win32" && kinds.has(kind));
  if (impossible !== undefined) {
    throw new UsageError("OPTION_INVALID", { operation, detail: impossible, remedy: "leave it out on Windows" });
  }
  if (kinds.has("clock-skew") && findFakeTime() === undefined) {
    const remedy = "install libfaketime, on Debian by: apt-get install faketime";
    throw new UsageError("PACKAGE_MISSING", { operation, detail: "clock-skew needs libfaketime", remedy });
  }
}

/**
 * Finds a command's program.
 *
 * @throws UsageError `PROGRAM_MISSING`
 */
export function requireProgram(program: string, environment: Command["environment"]): void {
  if (findProgram(program, environment["PATH"] ?? "") !== undefined) return;
  throw new UsageError("PROGRAM_MISSING", { operation: `run ${program}` });
}

/** Has a command meet what is planned for it. Each step becomes the next, so that there is one process, of one number. */
export function commandUnderStress(command: Command, plan: StressPlan): Command {
  const { fd, scheduling } = plan;
  const skew = plan["clock-skew"];
  const { PATH = "" } = command.environment;
  const isThere = (program: string): boolean => findProgram(program, PATH) !== undefined;
  const steps = [
    // Hard and soft: Node.js puts the soft limit up to the hard one.
    ...(fd === undefined ? [] : ["sh", "-c", `ulimit -n ${fd.limit} && exec "$@"`, "sh"]),
    ...(scheduling === undefined ? [] : ["nice", "-n", String(scheduling.niceness)]),
    ...(scheduling?.processor === undefined || !isThere("taskset")
      ? []
      : ["taskset", "-c", String(scheduling.processor)]),
  ];
  const [program = command.program, ...rest] = [...steps, command.program, ...command.arguments];
  const environment = {
    ...command.environment,
    ...(scheduling !== undefined && lateTimers(scheduling.timerSeed, command.environment["NODE_OPTIONS"])),
    ...(skew !== undefined && otherTime(skew, command.environment["LD_PRELOAD"])),
  };
  return { program, arguments: rest, environment };
}

const preload = new URL(import.meta.url.endsWith(".ts") ? "./late-timers.ts" : "./late-timers.js", import.meta.url);

function lateTimers(timerSeed: number, nodeOptions = ""): Command["environment"] {
  return {
    // A URL has no spaces, which would part it in two.
    NODE_OPTIONS: `${nodeOptions} --import=${preload.href}`.trimStart(),
    FAIRLEAD_LATE_TIMERS: String(timerSeed),
  };
}

function otherTime({ offsetSeconds, rate }: ClockSkew, preloaded = ""): Command["environment"] {
  const library = findFakeTime();
  if (library === undefined) return {};
  return {
    LD_PRELOAD: `${library} ${preloaded}`.trimEnd(),
    FAKETIME: `${offsetSeconds < 0 ? "" : "+"}${offsetSeconds}s x${rate}`,
    // What waits, waits by this clock.
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
}
