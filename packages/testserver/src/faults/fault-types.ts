import type { Fault, FaultTerms, FaultTypeName } from "./fault.ts";

/** A number that a fault is given. */
export interface FaultParameter {
  /** What it says, as a clause. */
  readonly does: string;
  readonly least: number;
  readonly most: number;
  /** Fractions make sense too. */
  readonly fractional?: boolean;
  /** What it is when left out; without one it is none. */
  readonly fallback?: number;
  readonly required?: boolean;
}

/** A kind of fault, for people and for the check of what they give. */
export interface FaultType {
  readonly type: FaultTypeName;
  /** Where it can act: on connections, on datagrams. */
  readonly transports: readonly ("tcp" | "udp")[];
  /** One line that begins with a verb. */
  readonly does: string;
  /** Has an up and a down. */
  readonly directed: boolean;
  readonly parameters: Readonly<Record<string, FaultParameter>>;
}

type ParametersOf<Of extends Fault> = Readonly<Record<Exclude<keyof Of, "type" | keyof FaultTerms>, FaultParameter>>;

/** An hour: nobody waits longer for a test. */
const longest = 3_600_000;
const bytes = { least: 0, most: 2 ** 40 };
const duration = { least: 0, most: longest };
const chance = { least: 0, most: 1, fractional: true };
const occasion = {
  afterBytes: { does: "bytes that pass before it strikes", ...bytes },
  afterMilliseconds: { does: "milliseconds until it strikes", ...duration },
};

const described: {
  readonly [Name in FaultTypeName]: Omit<FaultType, "type" | "directed" | "parameters"> & {
    readonly directed?: false;
    readonly parameters: ParametersOf<Extract<Fault, { type: Name }>>;
  };
} = {
  latency: {
    transports: ["tcp", "udp"],
    does: "holds everything back for a time, which may vary",
    parameters: {
      milliseconds: { does: "how long", ...duration, required: true },
      jitterMilliseconds: { does: "by how much more or less", ...duration, fallback: 0 },
    },
  },
  bandwidth: {
    transports: ["tcp", "udp"],
    does: "lets through no more than so many bytes a second",
    parameters: { bytesPerSecond: { does: "how many", least: 1, most: 2 ** 40, required: true } },
  },
  slice: {
    transports: ["tcp"],
    does: "cuts a stream into small pieces, with a pause after each",
    parameters: {
      sizeBytes: { does: "bytes of a piece", least: 1, most: 2 ** 30, required: true },
      pauseMilliseconds: { does: "milliseconds between pieces", ...duration, fallback: 10 },
    },
  },
  stall: {
    transports: ["tcp"],
    does: "lets nothing more through and says nothing, until the client's own timeout",
    parameters: occasion,
  },
  reset: { transports: ["tcp"], does: "resets the connection, both ways", parameters: occasion },
  "half-close": {
    transports: ["tcp"],
    does: "ends one direction of a connection while the other goes on",
    parameters: occasion,
  },
  close: {
    transports: ["tcp"],
    does: "ends the connection both ways, without the farewell that TLS wants",
    parameters: occasion,
  },
  "slow-close": {
    transports: ["tcp"],
    does: "holds back the end of a connection, and nothing else",
    parameters: { milliseconds: { does: "how long", ...duration, required: true } },
  },
  refuse: {
    transports: ["tcp"],
    does: "resets connections as they begin, before the service hears of them",
    directed: false,
    parameters: {},
  },
  corrupt: {
    transports: ["tcp", "udp"],
    does: "flips one bit in each so many bytes or in each datagram, or at one place",
    parameters: {
      everyBytes: { does: "bytes of a stream in which one bit is flipped", least: 1, most: 2 ** 30, fallback: 1_024 },
      atByte: { does: "the one byte to change, from 0", ...bytes },
    },
  },
  truncate: {
    transports: ["tcp", "udp"],
    does: "loses what is behind the first bytes of a stream or of each datagram",
    parameters: { bytes: { does: "how many arrive", ...bytes, required: true } },
  },
  loss: { transports: ["udp"], does: "loses datagrams, each by chance", parameters: {} },
  "burst-loss": {
    transports: ["udp"],
    does: "loses datagrams in bursts, by the model of Gilbert and Elliott",
    parameters: {
      toBad: { does: "how likely a good way turns bad", ...chance, fallback: 0.05 },
      toGood: { does: "how likely a bad way turns good", ...chance, fallback: 0.25 },
      lossWhenBad: { does: "how likely a bad way loses", ...chance, fallback: 1 },
      lossWhenGood: { does: "how likely a good way loses", ...chance, fallback: 0 },
    },
  },
  reorder: {
    transports: ["udp"],
    does: "lets datagrams be overtaken by those behind them",
    parameters: {
      behind: { does: "how many overtake", least: 1, most: 64, fallback: 1 },
      milliseconds: { does: "how long one waits to be overtaken", ...duration, fallback: 1_000 },
    },
  },
  duplicate: {
    transports: ["udp"],
    does: "delivers datagrams more than once",
    parameters: {
      copies: { does: "how often again", least: 1, most: 16, fallback: 1 },
      milliseconds: { does: "how much later each copy comes", ...duration, fallback: 0 },
    },
  },
  limit: {
    transports: ["udp"],
    does: "loses every datagram once so many, so many bytes or so much time have passed",
    parameters: {
      datagrams: { does: "how many datagrams pass", least: 0, most: 2 ** 32 },
      bytes: { does: "how many bytes pass", ...bytes },
      milliseconds: { does: "how long they pass", ...duration },
    },
  },
};

/** Every fault that there is. */
export const faultTypes: readonly FaultType[] = Object.entries(described).map(
  ([type, { directed = true, ...rest }]) => ({
    // The keys of a record by name are names.
    type: type as FaultTypeName,
    directed,
    ...rest,
  }),
);
