import type { TestNetwork } from "../network.ts";
import { Keeper } from "./keeper.ts";
import { boundsOfMachine } from "./machine.ts";
import { planStress, stressKindNames, type StressKind, type StressPlan } from "./protocol/stress-plan.ts";

/** What a network and its machine can be put under; `fd` is for a command. */
export type NetworkStressKind = Exclude<StressKind, "fd">;

/** All of them. */
export const networkStressKinds = stressKindNames.filter((kind): kind is NetworkStressKind => kind !== "fd");

/** How a network is put under stress. */
export interface NetworkStressOptions {
  readonly kinds: readonly NetworkStressKind[];
  readonly seed: number;
  /** When it ends by itself. */
  readonly durationMilliseconds: number;
}

/** Stress beside a network, until it is disposed of or its time is up. */
export interface NetworkStress extends AsyncDisposable {
  readonly plan: StressPlan;
}

/**
 * Puts the machine that a network runs on under stress, for clients that are started by somebody else: `cpu` and `memory`
 * are the machine's, `clock-skew` puts the network's clock off, and `scheduling` holds all of its services up for moments.
 */
export async function stressNetwork(network: TestNetwork, options: NetworkStressOptions): Promise<NetworkStress> {
  const { seed, durationMilliseconds } = options;
  const kinds = new Set<StressKind>(options.kinds);
  const plan = planStress(kinds, seed, boundsOfMachine(durationMilliseconds));
  const keeper = new Keeper();
  await keeper.load(plan);
  const offset = plan["clock-skew"]?.offsetSeconds ?? 0;
  if (offset !== 0) network.clock.advance(offset * 1000);
  const endHoldUps = holdUp(plan);
  let end = (): void => {
    endHoldUps();
    if (offset !== 0) network.clock.advance(-offset * 1000);
    end = () => undefined;
  };
  const timer = setTimeout(() => {
    end();
  }, durationMilliseconds);
  timer.unref();
  return {
    plan,
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      end();
      await keeper[Symbol.asyncDispose]();
    },
  };
}

/** Holds this process up as planned, until the function that it returns is called. */
function holdUp({ scheduling }: StressPlan): () => void {
  const pauses = scheduling?.pauses ?? [];
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  let timer: NodeJS.Timeout | undefined;
  const next = (index: number): void => {
    const pause = pauses[index % pauses.length];
    if (pause === undefined) return;
    timer = setTimeout(() => {
      Atomics.wait(sleeper, 0, 0, pause.forMilliseconds);
      next(index + 1);
    }, pause.restMilliseconds).unref();
  };
  next(0);
  return () => {
    clearTimeout(timer);
  };
}
