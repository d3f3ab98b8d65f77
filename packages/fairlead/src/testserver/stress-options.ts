import { randomInt } from "node:crypto";
import type { TestNetwork } from "@fairlead/testserver";
import type { StressKind } from "@fairlead/testserver/stress";
import { ArgumentsError } from "../arguments.ts";
import { nearest } from "../suggestion.ts";

/**
 * Reads what `--stress` was given: kinds with commas between, or `all`.
 *
 * @throws ArgumentsError
 */
export function parseStress<Kind extends StressKind>(text: string, known: readonly Kind[]): readonly Kind[] {
  if (text === "all") return known;
  return text.split(",").map((name) => {
    const kind = known.find((each) => each === name);
    if (kind !== undefined) return kind;
    const suggestion = nearest(name, known);
    const hint = suggestion === undefined ? "" : `; did you mean ${suggestion}?`;
    throw new ArgumentsError(`--stress takes all, or some of ${known.join(", ")}, not ${JSON.stringify(name)}${hint}`);
  });
}

/**
 * Reads a whole number.
 *
 * @throws ArgumentsError
 */
export function parseWhole(option: string, text: string, least: number, most: number): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new ArgumentsError(`${option} takes a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`);
}

/** The seed that was given, or one that nobody knows before. */
export function seedOf(text: string | undefined): number {
  return text === undefined ? randomInt(2 ** 32) : parseWhole("--seed", text, 0, 2 ** 32 - 1);
}

/** Stress beside a running network, and what people are told of it. */
export interface BegunStress extends AsyncDisposable {
  readonly lines: readonly string[];
}

/** Stress that was asked for beside a network. */
export interface PlannedStress {
  readonly begin: (network: TestNetwork) => Promise<BegunStress>;
}

/**
 * Reads `--stress`, `--seed` and `--stress-for`; `undefined` where none is given.
 *
 * @throws ArgumentsError
 */
export async function plannedStress(options: {
  readonly stress: string | undefined;
  readonly seed: string | undefined;
  readonly "stress-for": string | undefined;
}): Promise<PlannedStress | undefined> {
  const { stress: text, seed: seedText, "stress-for": secondsText } = options;
  if (text === undefined) {
    if (seedText === undefined && secondsText === undefined) return undefined;
    throw new ArgumentsError(`${seedText === undefined ? "--stress-for" : "--seed"} goes with --stress only`);
  }
  if (text.split(",").includes("fd")) {
    throw new ArgumentsError("--stress fd limits a command, which run starts: testserver run --stress fd -- COMMAND");
  }
  const { describeStress, networkStressKinds, stressNetwork } = await import("@fairlead/testserver/stress");
  const kinds = parseStress(text, networkStressKinds);
  const seed = seedOf(seedText);
  const seconds = secondsText === undefined ? 600 : parseWhole("--stress-for", secondsText, 1, 86_400);
  return {
    begin: async (network) => {
      const stress = await stressNetwork(network, { kinds, seed, durationMilliseconds: seconds * 1000 });
      const lines = describeStress(stress.plan).map((line) => `  ${line}`);
      return {
        lines: [`stress by seed ${seed}, for ${seconds} s:`, ...lines],
        [Symbol.asyncDispose]: async () => {
          await stress[Symbol.asyncDispose]();
        },
      };
    },
  };
}
