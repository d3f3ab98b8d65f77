import { setTimeout as wait } from "node:timers/promises";

/** The clock and the chance that reconnecting goes by. */
export interface Pace {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Lets time pass; rejects when the signal fires. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Those of the system. */
export const systemPace: Pace = {
  now: () => performance.now(),
  random: Math.random,
  wait: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
};
