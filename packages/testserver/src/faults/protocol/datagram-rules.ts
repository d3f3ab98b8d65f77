import type { BurstLossFault, CorruptFault, Fault, LatencyFault, LimitFault, ReorderFault } from "../fault.ts";
import { type Random, randomFrom } from "./random.ts";

/** A datagram on its way. */
export interface Flight<Route> {
  readonly bytes: Uint8Array;
  /** When it goes on, in milliseconds of any clock that only goes forward. */
  readonly at: number;
  /** Whence or whither; no rule looks at it. */
  readonly route: Route;
}

/** What one fault does to datagrams that go one way. */
export interface DatagramRule<Route> {
  /** What goes on when one has come that is hit: nothing, itself, or several. */
  readonly carry: (flight: Flight<Route>) => readonly Flight<Route>[];
  /** What goes on when one has come that is not hit; itself by default. */
  readonly spare?: (flight: Flight<Route>) => readonly Flight<Route>[];
  /** When something goes on by itself; infinity where nothing does. */
  readonly dueAt?: () => number;
  /** What goes on by itself, at its time. */
  readonly expire?: () => readonly Flight<Route>[];
}

/** Makes the random numbers of datagrams that go one way, for the nth endpoint that meets the fault. */
export function datagramChance(seed: number, nth: number, direction: "up" | "down"): Random {
  return randomFrom(seed, nth * 4 + (direction === "up" ? 1 : 2));
}

/**
 * Makes what a fault does to datagrams that it hits; `undefined` for those that do nothing to datagrams. `metAt` is when
 * the endpoint met the fault.
 */
export function datagramRule<Route>(fault: Fault, random: Random, metAt: number): DatagramRule<Route> | undefined {
  switch (fault.type) {
    case "latency":
      return latency(fault, random);
    case "bandwidth":
      return bandwidth(fault.bytesPerSecond);
    case "loss":
      return { carry: () => [] };
    case "burst-loss":
      return burstLoss(fault, random);
    case "duplicate": {
      const { copies = 1, milliseconds = 0 } = fault;
      const again = Array.from({ length: copies + 1 }, (_, index) => index * milliseconds);
      return { carry: (flight) => again.map((later) => ({ ...flight, at: flight.at + later })) };
    }
    case "corrupt":
      return corrupt(fault, random);
    case "truncate":
      return { carry: (flight) => [{ ...flight, bytes: flight.bytes.subarray(0, fault.bytes) }] };
    case "limit":
      return limit(fault, metAt);
    case "reorder":
      return reorder(fault);
    case "slice":
    case "stall":
    case "reset":
    case "half-close":
    case "close":
    case "slow-close":
    case "refuse":
      return undefined;
  }
}

function latency<Route>({ milliseconds, jitterMilliseconds = 0 }: LatencyFault, random: Random): DatagramRule<Route> {
  return {
    carry: (flight) => {
      const delay = milliseconds + (random() * 2 - 1) * jitterMilliseconds;
      return [{ ...flight, at: flight.at + Math.max(0, delay) }];
    },
  };
}

function bandwidth<Route>(bytesPerSecond: number): DatagramRule<Route> {
  let freeAt = 0;
  return {
    carry: (flight) => {
      freeAt = Math.max(freeAt, flight.at) + (flight.bytes.length / bytesPerSecond) * 1000;
      return [{ ...flight, at: freeAt }];
    },
  };
}

/** The model of Gilbert (1960) and Elliott (1963): two states, each with a loss of its own. */
function burstLoss<Route>(fault: BurstLossFault, random: Random): DatagramRule<Route> {
  const { toBad = 0.05, toGood = 0.25, lossWhenBad = 1, lossWhenGood = 0 } = fault;
  let isBad = false;
  return {
    carry: (flight) => {
      isBad = isBad ? random() >= toGood : random() < toBad;
      return random() < (isBad ? lossWhenBad : lossWhenGood) ? [] : [flight];
    },
  };
}

function corrupt<Route>({ atByte }: CorruptFault, random: Random): DatagramRule<Route> {
  return {
    carry: (flight) => {
      const bytes = Uint8Array.from(flight.bytes);
      const place = Math.floor(random() * bytes.length);
      const bit = 1 << Math.floor(random() * 8);
      const index = atByte ?? place;
      const byte = bytes[index];
      if (byte !== undefined) bytes[index] = byte ^ bit;
      return [{ ...flight, bytes }];
    },
  };
}

function limit<Route>({ datagrams, bytes, milliseconds }: LimitFault, metAt: number): DatagramRule<Route> {
  const never = Number.POSITIVE_INFINITY;
  let leftDatagrams = datagrams ?? never;
  let leftBytes = bytes ?? never;
  return {
    carry: (flight) => {
      leftDatagrams -= 1;
      leftBytes -= flight.bytes.length;
      return leftDatagrams < 0 || leftBytes < 0 || flight.at >= metAt + (milliseconds ?? never) ? [] : [flight];
    },
  };
}

function reorder<Route>({ behind = 1, milliseconds = 1_000 }: ReorderFault): DatagramRule<Route> {
  // One at a time: those that come meanwhile are what overtakes it.
  let waiting: { readonly flight: Flight<Route>; readonly until: number; left: number } | undefined;
  const overtake = (flight: Flight<Route>): readonly Flight<Route>[] => {
    if (waiting === undefined) return [flight];
    waiting.left -= 1;
    if (waiting.left > 0) return [flight];
    const overtaken = { ...waiting.flight, at: Math.max(waiting.flight.at, flight.at) };
    waiting = undefined;
    return [flight, overtaken];
  };
  return {
    spare: overtake,
    carry: (flight) => {
      if (waiting !== undefined) return overtake(flight);
      waiting = { flight, until: flight.at + milliseconds, left: behind };
      return [];
    },
    dueAt: () => waiting?.until ?? Number.POSITIVE_INFINITY,
    expire: () => {
      if (waiting === undefined) return [];
      const { flight, until } = waiting;
      waiting = undefined;
      return [{ ...flight, at: until }];
    },
  };
}
