import { type Random, randomFrom } from "../../faults/protocol/random.ts";

/** What a machine can be short of, each with a line that begins with a verb. */
export const stressKinds = {
  cpu: "burns processors in bursts, at most nine tenths of the time, at most a thread for each processor",
  memory: "holds and touches at most half of the memory that is free, at most 4 GiB, and leaves 512 MiB",
  fd: "limits the command to few open files and sockets, so that it meets EMFILE",
  "clock-skew": "has the command see a time that is up to five minutes off and runs up to a tenth too fast or slow",
  scheduling: "stops the command for moments, makes it nice, holds it to one processor, has its timers come late",
} as const;

/** One way of stress. */
export type StressKind = keyof typeof stressKinds;

/** All of them, in the order of {@link stressKinds}, whose keys they are. */
export const stressKindNames = Object.keys(stressKinds) as readonly StressKind[];

/** What a machine has, and how long it may be under stress. */
export interface StressBounds {
  /** Numbers of the processors that may be used; at least one. */
  readonly processors: readonly number[];
  /** Memory that can be had without taking somebody else's. */
  readonly availableBytes: number;
  /** When it ends by itself. */
  readonly durationMilliseconds: number;
}

/** A time of one thing, and a time of nothing after it. */
export interface Phase {
  readonly forMilliseconds: number;
  readonly restMilliseconds: number;
}

/** What will be done to a machine and a command. What is absent was not asked for. */
export interface StressPlan {
  readonly seed: number;
  readonly durationMilliseconds: number;
  /** The bursts of each thread, which begin again after the last. */
  readonly cpu?: readonly (readonly Phase[])[];
  readonly memory?: { readonly holdBytes: number };
  readonly fd?: { readonly limit: number };
  readonly "clock-skew"?: ClockSkew;
  readonly scheduling?: Scheduling;
}

/** A clock that is wrong. */
export interface ClockSkew {
  readonly offsetSeconds: number;
  /** Seconds of this clock in one of the world's. */
  readonly rate: number;
}

/** How a command is kept from running. */
export interface Scheduling {
  /** From 0 to 19. */
  readonly niceness: number;
  /** The only processor that it gets; `undefined` for all. */
  readonly processor: number | undefined;
  /** When it is stopped, and for how long; they begin again after the last. */
  readonly pauses: readonly Phase[];
  /** What the lateness of its timers is drawn from. */
  readonly timerSeed: number;
}

const mebibyte = 2 ** 20;
const memoryLimitBytes = 4096 * mebibyte;
const memoryReserveBytes = 512 * mebibyte;

/**
 * Plans stress by a seed. Each kind draws for itself: what is planned for one does not depend on which others there are.
 */
export function planStress(kinds: Iterable<StressKind>, seed: number, bounds: StressBounds): StressPlan {
  const wanted = new Set(kinds);
  const randomFor = (kind: StressKind): Random => randomFrom(seed, 1 + stressKindNames.indexOf(kind));
  return {
    seed,
    durationMilliseconds: bounds.durationMilliseconds,
    ...(wanted.has("cpu") && { cpu: planBursts(randomFor("cpu"), bounds) }),
    ...(wanted.has("memory") && { memory: planMemory(randomFor("memory"), bounds) }),
    ...(wanted.has("fd") && { fd: { limit: wholeNumber(randomFor("fd"), 40, 128) } }),
    ...(wanted.has("clock-skew") && { "clock-skew": planClockSkew(randomFor("clock-skew")) }),
    ...(wanted.has("scheduling") && { scheduling: planScheduling(randomFor("scheduling"), bounds) }),
  };
}

function planBursts(random: Random, { processors }: StressBounds): readonly (readonly Phase[])[] {
  const threads = wholeNumber(random, Math.ceil(processors.length / 2), processors.length);
  return Array.from({ length: threads }, () =>
    Array.from({ length: 16 }, () => {
      const forMilliseconds = wholeNumber(random, 20, 400);
      return { forMilliseconds, restMilliseconds: Math.ceil(forMilliseconds * (1 / 9 + (random() * 8) / 9)) };
    }),
  );
}

function planMemory(random: Random, { availableBytes }: StressBounds): { readonly holdBytes: number } {
  const most = Math.min(availableBytes / 2, availableBytes - memoryReserveBytes, memoryLimitBytes);
  return { holdBytes: Math.max(0, Math.floor(most * (0.5 + random() / 2))) };
}

function planClockSkew(random: Random): ClockSkew {
  const offset = wholeNumber(random, 5, 300);
  return { offsetSeconds: random() < 0.5 ? -offset : offset, rate: wholeNumber(random, 90, 110) / 100 };
}

function planScheduling(random: Random, { processors }: StressBounds): Scheduling {
  return {
    niceness: wholeNumber(random, 0, 19),
    processor: random() < 0.5 ? undefined : processors[wholeNumber(random, 0, processors.length - 1)],
    pauses: Array.from({ length: 12 }, () => ({
      restMilliseconds: wholeNumber(random, 20, 500),
      forMilliseconds: wholeNumber(random, 1, 100),
    })),
    timerSeed: wholeNumber(random, 0, 0x7fff_ffff),
  };
}

/** A whole number from `least` to `most`, both included. */
function wholeNumber(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** Says what is planned, one line for each kind. */
export function describeStress(plan: StressPlan): readonly string[] {
  const { cpu, memory, fd, scheduling } = plan;
  const skew = plan["clock-skew"];
  return [
    ...(cpu === undefined ? [] : [`cpu: ${cpu.length} ${cpu.length === 1 ? "thread" : "threads"} in bursts`]),
    ...(memory === undefined ? [] : [`memory: ${Math.floor(memory.holdBytes / mebibyte)} MiB held`]),
    ...(fd === undefined ? [] : [`fd: ${fd.limit} open files and sockets at most`]),
    ...(skew === undefined ? [] : [`clock-skew: ${skew.offsetSeconds} s off, at ${skew.rate} times the speed`]),
    ...(scheduling === undefined ? [] : [`scheduling: ${describeScheduling(scheduling)}`]),
  ];
}

function describeScheduling({ niceness, processor, pauses }: Scheduling): string {
  const longest = Math.max(...pauses.map(({ forMilliseconds }) => forMilliseconds));
  const where = processor === undefined ? "on any processor" : `on processor ${processor} only`;
  return `nice ${niceness}, ${where}, stopped for up to ${longest} ms, timers late`;
}
