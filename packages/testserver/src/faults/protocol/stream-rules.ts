import type { CorruptFault, Fault, LatencyFault, Occasion, SliceFault } from "../fault.ts";
import { type Random, randomFrom } from "./random.ts";
import type { Cut, Decision, Head, StreamRule } from "./stream-rule.ts";

/** What a rule is made from, besides its fault. */
export interface RuleStart {
  /** Gives the random numbers of one block of a stream, or of whatever else is counted; the same for the same index. */
  readonly chance: (index: number) => Random;
  /** When the connection met the fault, in milliseconds of the clock that heads arrive by. */
  readonly metAt: number;
}

/** Makes the random numbers of one direction of the connection that met a fault as its nth. */
export function chanceOf(seed: number, nth: number, direction: "up" | "down"): (index: number) => Random {
  const stream = nth * 4 + (direction === "up" ? 1 : 2);
  return (index) => randomFrom(seed, stream, index);
}

/** Makes what a fault does to one direction of a stream; `undefined` for those that do nothing to streams. */
export function streamRule(fault: Fault, start: RuleStart): StreamRule | undefined {
  switch (fault.type) {
    case "latency":
      return latency(fault, start);
    case "bandwidth":
      return bandwidth(fault.bytesPerSecond, start);
    case "slice":
      return slice(fault);
    case "stall":
      return stall(fault, start);
    case "reset":
    case "half-close":
    case "close":
      return cut(fault.type, fault, start);
    case "slow-close":
      return { decide: (head) => pass(head, head.type === "bytes" ? 0 : head.arrivedAt + fault.milliseconds) };
    case "corrupt":
      return corrupt(fault, start);
    case "truncate":
      return truncate(fault.bytes);
    case "refuse":
    case "loss":
    case "burst-loss":
    case "reorder":
    case "duplicate":
    case "limit":
      return undefined;
  }
}

function pass(head: Head, at = 0, sizeBytes = head.sizeBytes): Decision {
  return { type: "pass", at, sizeBytes: Math.max(0, Math.min(sizeBytes, head.sizeBytes)) };
}

/** So many bytes share one jitter: the same whether they come in one piece or singly. */
const jitterBlockBytes = 1_024;

function latency({ milliseconds, jitterMilliseconds = 0 }: LatencyFault, { chance }: RuleStart): StreamRule {
  if (jitterMilliseconds === 0) return { decide: (head) => pass(head, head.arrivedAt + milliseconds) };
  return {
    decide: (head) => {
      const block = Math.floor(head.offset / jitterBlockBytes);
      const delay = milliseconds + (chance(block)() * 2 - 1) * jitterMilliseconds;
      const toBoundary = (block + 1) * jitterBlockBytes - head.offset;
      return pass(head, head.arrivedAt + Math.max(0, delay), toBoundary);
    },
  };
}

/** How much may leave at once, as a part of a second: the rate is even, and small timers are few. */
const bandwidthQuantum = 0.02;

/** What timers were late by is made up for, so that they do not lower the rate; what stood still for longer is not. */
const madeUpMilliseconds = 100;

function bandwidth(bytesPerSecond: number, { metAt }: RuleStart): StreamRule {
  const atOnce = Math.max(1, Math.floor(bytesPerSecond * bandwidthQuantum));
  let freeAt = metAt;
  return {
    decide: (head) => (head.type === "bytes" ? pass(head, freeAt, atOnce) : pass(head)),
    passed: ({ arrivedAt }, sizeBytes, now) => {
      freeAt = Math.max(freeAt, arrivedAt, now - madeUpMilliseconds) + (sizeBytes / bytesPerSecond) * 1000;
    },
  };
}

function slice({ sizeBytes, pauseMilliseconds = 10 }: SliceFault): StreamRule {
  let freeAt = 0;
  return {
    decide: (head) => pass(head, freeAt, sizeBytes - (head.offset % sizeBytes)),
    passed: ({ offset }, passedBytes, now) => {
      if ((offset + passedBytes) % sizeBytes === 0) freeAt = now + pauseMilliseconds;
    },
  };
}

interface Strike {
  readonly offset: number;
  readonly at: number;
}

function strikeOf({ afterBytes, afterMilliseconds }: Occasion, { metAt }: RuleStart): Strike {
  const never = Number.POSITIVE_INFINITY;
  return {
    offset: afterBytes ?? (afterMilliseconds === undefined ? 0 : never),
    at: afterMilliseconds === undefined ? never : metAt + afterMilliseconds,
  };
}

function stall(occasion: Occasion, start: RuleStart): StreamRule {
  const strike = strikeOf(occasion, start);
  return {
    decide: (head, now) =>
      head.offset >= strike.offset || now >= strike.at ? { type: "hold" } : pass(head, 0, strike.offset - head.offset),
  };
}

function cut(how: Cut, occasion: Occasion, start: RuleStart): StreamRule {
  const strike = strikeOf(occasion, start);
  return {
    decide: (head, now) =>
      (head.type === "bytes" && head.offset >= strike.offset) || now >= strike.at
        ? { type: "cut", how }
        : pass(head, 0, strike.offset - head.offset),
    cut: { at: strike.at, how },
  };
}

function truncate(limit: number): StreamRule {
  return {
    decide: (head) =>
      head.type === "bytes" && head.offset >= limit ? { type: "drop" } : pass(head, 0, limit - head.offset),
  };
}

function corrupt({ everyBytes = 1_024, atByte }: CorruptFault, { chance }: RuleStart): StreamRule {
  const flip = (bytes: Uint8Array, index: number, bit: number): void => {
    const byte = bytes[index];
    if (byte !== undefined) bytes[index] = byte ^ (1 << Math.floor(bit * 8));
  };
  return {
    decide: (head) => pass(head),
    change: (bytes, offset) => {
      if (atByte !== undefined) {
        flip(bytes, atByte - offset, chance(0)());
        return;
      }
      const last = Math.floor((offset + bytes.length - 1) / everyBytes);
      for (let block = Math.floor(offset / everyBytes); block <= last; block += 1) {
        const random = chance(block);
        flip(bytes, block * everyBytes + Math.floor(random() * everyBytes) - offset, random());
      }
    },
  };
}
