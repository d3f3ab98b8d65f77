import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestNetwork, type TestNetwork, type TestNetworkOptions } from "../network.ts";
import { type Command, commandUnderStress, requireProgram, requireStress } from "./command-under-stress.ts";
import { Keeper } from "./keeper.ts";
import { boundsOfMachine } from "./machine.ts";
import { nextSeed } from "./protocol/seed.ts";
import { planStress, type StressKind, type StressPlan } from "./protocol/stress-plan.ts";
import { type Finished, runCommand } from "./run-command.ts";

/** How a command is repeated. */
export interface RepetitionOptions {
  readonly kinds: readonly StressKind[];
  /** The seed of the first run; each of the others has one of its own, which brings the same stress as a first one. */
  readonly seed: number;
  /** How often; `Infinity` until it fails. */
  readonly times: number;
  /** How long a run may take, after which it is ended; 600,000 by default. */
  readonly timeoutMilliseconds?: number;
  /** `keep`, the default, collects what the command prints for its run; `inherit` lets it print as it goes. */
  readonly output?: "keep" | "inherit";
  /** One network for all runs; by default each has a new one. */
  readonly keepNetwork?: boolean;
  readonly network?: TestNetworkOptions;
  /** What the command sees around it, besides the network; `process.env` by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Ends the run at hand, which is the last. */
  readonly signal?: AbortSignal;
  /** The signal that the command is ended by when `signal` fires; `SIGTERM` by default. */
  readonly endBy?: () => NodeJS.Signals;
}

/** One run of a command. */
export interface StressRun extends Finished {
  /** Counts from 1. */
  readonly number: number;
  /** With this as the first seed, the first run is this one. */
  readonly seed: number;
  readonly plan: StressPlan;
}

/** Whether a run ended as a command does that has nothing to complain of. */
export function isPassed({ ending }: Pick<StressRun, "ending">): boolean {
  return ending.type === "exited" && ending.code === 0;
}

/**
 * Runs a command over and over beside a test network, under stress, and hands out each run when it is done; whoever takes
 * them stops when one has failed. The command finds the network by its environment: `FAIRLEAD_TESTSERVER` is the file of
 * the manifest, `FAIRLEAD_CA` and `NODE_EXTRA_CA_CERTS` that of the authority, `FAIRLEAD_SEED` the seed of the run.
 *
 * @throws UsageError `OPTION_INVALID`, `PACKAGE_MISSING`, `PROGRAM_MISSING` when it cannot be done here.
 *
 * @example
 * for await (const run of repeatUnderStress("node", ["--test"], { kinds: ["cpu", "scheduling"], seed: 1, times: 50 })) {
 *   if (!isPassed(run)) throw new Error(`seed ${run.seed}: ${run.output}`);
 * }
 */
export async function* repeatUnderStress(
  program: string,
  arguments_: readonly string[],
  options: RepetitionOptions,
): AsyncGenerator<StressRun, void, void> {
  const { times, environment = process.env, signal = new AbortController().signal } = options;
  const kinds = new Set(options.kinds);
  requireStress(kinds);
  requireProgram(program, environment);
  const folder = await mkdtemp(join(tmpdir(), "fairlead-run-"));
  let network: TestNetwork | undefined;
  try {
    await using keeper = new Keeper();
    let { seed } = options;
    for (let number = 1; number <= times && !signal.aborted; number += 1, seed = nextSeed(seed)) {
      if (network === undefined || options.keepNetwork !== true) {
        await network?.close();
        network = await startTestNetwork({ faultsOnOpenConnections: true, ...options.network });
        await network.writeManifest(join(folder, "network.json"), { withCa: true });
      }
      const plan = planStress(kinds, seed, boundsOfMachine(options.timeoutMilliseconds ?? 600_000));
      const command = { program, arguments: arguments_, environment: withNetwork(environment, folder, seed) };
      yield { number, seed, plan, ...(await runOnce(command, plan, keeper, folder, { ...options, signal })) };
    }
  } finally {
    await network?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function runOnce(
  command: Command,
  plan: StressPlan,
  keeper: Keeper,
  folder: string,
  { output = "keep", signal, endBy = () => "SIGTERM" }: RepetitionOptions & { readonly signal: AbortSignal },
): Promise<Finished> {
  await keeper.load(plan);
  try {
    return await runCommand(commandUnderStress(command, plan), {
      ...{ timeoutMilliseconds: plan.durationMilliseconds, output, signal, endBy },
      onStart: (processGroup) => keeper.guard(processGroup, folder),
    });
  } finally {
    await keeper.relieve();
  }
}

function withNetwork(environment: Command["environment"], folder: string, seed: number): Command["environment"] {
  const ca = join(folder, "network.ca.pem");
  return {
    // Who has further authorities of their own keeps those.
    NODE_EXTRA_CA_CERTS: ca,
    ...environment,
    FAIRLEAD_TESTSERVER: join(folder, "network.json"),
    FAIRLEAD_CA: ca,
    FAIRLEAD_SEED: String(seed),
  };
}
