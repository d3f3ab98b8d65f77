/** Which way bytes go: from the client up to the server, down to the client, or both. */
export type FaultDirection = "up" | "down" | "both";

/** What every fault can be given. */
export interface FaultTerms {
  /** Whose bytes it changes: `up` those of the client, `down`, the default, those of the server. */
  readonly direction?: FaultDirection;
  /** How many of all connections, or with datagrams how many of these, are hit: from 0 to 1, the default. */
  readonly probability?: number;
  /** What all chance in it follows from: a whole number below 2^32. Chosen, and told, where it is left out. */
  readonly seed?: number;
  /** What people call it. */
  readonly name?: string;
}

/** When a fault strikes: before the byte that follows `afterBytes`, or at a time. At the first byte by default. */
export interface Occasion {
  /** Bytes that pass unharmed, counted from when the connection met the fault. */
  readonly afterBytes?: number;
  /** Milliseconds since the connection met the fault. */
  readonly afterMilliseconds?: number;
}

/** Holds everything back for a time. Of a stream the order stays; datagrams overtake each other where it varies. */
export interface LatencyFault extends FaultTerms {
  readonly type: "latency";
  readonly milliseconds: number;
  /** By how much it is more or less, evenly spread; 0 by default. */
  readonly jitterMilliseconds?: number;
}

/** Lets through no more than so many bytes a second. */
export interface BandwidthFault extends FaultTerms {
  readonly type: "bandwidth";
  readonly bytesPerSecond: number;
}

/** Cuts a stream into pieces of one size, with a pause after each. */
export interface SliceFault extends FaultTerms {
  readonly type: "slice";
  readonly sizeBytes: number;
  /** 10 by default. */
  readonly pauseMilliseconds?: number;
}

/** Lets nothing more through, and says nothing: neither bytes nor the end nor a reset. */
export interface StallFault extends FaultTerms, Occasion {
  readonly type: "stall";
}

/** Resets the connection, both ways. */
export interface ResetFault extends FaultTerms, Occasion {
  readonly type: "reset";
}

/** Ends one direction, and loses what else comes in it; the other goes on. */
export interface HalfCloseFault extends FaultTerms, Occasion {
  readonly type: "half-close";
}

/** Ends both directions, as a peer that is done; without the farewell that TLS wants. */
export interface CloseFault extends FaultTerms, Occasion {
  readonly type: "close";
}

/** Holds back the end of a connection alone. */
export interface SlowCloseFault extends FaultTerms {
  readonly type: "slow-close";
  readonly milliseconds: number;
}

/** Resets connections as they begin, before the service hears of them. */
export interface RefuseFault extends Omit<FaultTerms, "direction"> {
  readonly type: "refuse";
}

/** Flips one bit in each so many bytes of a stream, or at one place; in each datagram, or at one place of it. */
export interface CorruptFault extends FaultTerms {
  readonly type: "corrupt";
  /** Of a stream; 1,024 by default. */
  readonly everyBytes?: number;
  /** Changes this byte alone, counted from 0. */
  readonly atByte?: number;
}

/** Loses the bytes of a stream behind the first so many, or those of each datagram; the end arrives. */
export interface TruncateFault extends FaultTerms {
  readonly type: "truncate";
  readonly bytes: number;
}

/** Loses datagrams. */
export interface LossFault extends FaultTerms {
  readonly type: "loss";
}

/**
 * Loses datagrams in bursts, by the model of Gilbert and Elliott: the way is good or bad, and changes by chance with each
 * datagram.
 */
export interface BurstLossFault extends FaultTerms {
  readonly type: "burst-loss";
  /** How likely a good way turns bad; 0.05 by default. */
  readonly toBad?: number;
  /** How likely a bad way turns good; 0.25 by default, for bursts of four. */
  readonly toGood?: number;
  /** How likely a datagram is lost on a bad way; 1 by default. */
  readonly lossWhenBad?: number;
  /** How likely a datagram is lost on a good way; 0 by default. */
  readonly lossWhenGood?: number;
}

/** Lets datagrams be overtaken by those behind. */
export interface ReorderFault extends FaultTerms {
  readonly type: "reorder";
  /** How many overtake; 1 by default. */
  readonly behind?: number;
  /** How long one waits to be overtaken; 1,000 by default. */
  readonly milliseconds?: number;
}

/** Delivers datagrams again. */
export interface DuplicateFault extends FaultTerms {
  readonly type: "duplicate";
  /** How often again; 1 by default. */
  readonly copies?: number;
  /** How much later each copy comes than the one before; 0 by default. */
  readonly milliseconds?: number;
}

/** Loses every datagram once one of the limits is reached. */
export interface LimitFault extends FaultTerms {
  readonly type: "limit";
  readonly datagrams?: number;
  readonly bytes?: number;
  /** Since the fault came. */
  readonly milliseconds?: number;
}

/** What can go wrong between a client and a server. */
export type Fault =
  | LatencyFault
  | BandwidthFault
  | SliceFault
  | StallFault
  | ResetFault
  | HalfCloseFault
  | CloseFault
  | SlowCloseFault
  | RefuseFault
  | CorruptFault
  | TruncateFault
  | LossFault
  | BurstLossFault
  | ReorderFault
  | DuplicateFault
  | LimitFault;

/** Names of the faults. */
export type FaultTypeName = Fault["type"];
