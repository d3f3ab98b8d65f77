/** How patient the message layer is, and how much it sends at once. RFC 7252 section 4.8. */
export interface CoapTransmission {
  /** ACK_TIMEOUT: how long the first wait for an acknowledgement lasts, at least. */
  readonly ackTimeoutMilliseconds: number;
  /** ACK_RANDOM_FACTOR: the first wait is up to so many times as long; 1 or more. */
  readonly ackRandomFactor: number;
  /** MAX_RETRANSMIT: how often a message is sent again, at most. */
  readonly maxRetransmit: number;
  /** NSTART: how many messages may wait for a word of the peer at once. */
  readonly nstart: number;
  /** DEFAULT_LEISURE: within this time an answer to a group is sent. */
  readonly defaultLeisureMilliseconds: number;
  /** PROBING_RATE: what is sent on average to a peer that says nothing. */
  readonly probingRateBytesPerSecond: number;
  /** MAX_LATENCY: how long a datagram may be on its way. Less, in a network that is known, has message IDs free sooner. */
  readonly maxLatencyMilliseconds: number;
  /** PROCESSING_DELAY: how long a peer may take until it acknowledges. */
  readonly processingDelayMilliseconds: number;
  /** How long a request waits for its answer before it is acknowledged by a message of its own. RFC 7252 section 5.2.2. */
  readonly separateAfterMilliseconds: number;
  /** How long an answer is waited for behind the acknowledgement, or behind a request that wants none. */
  readonly responseTimeoutMilliseconds: number;
}

/** The times that follow from the parameters. RFC 7252 section 4.8.2. */
export interface CoapTransmissionTimes {
  /** MAX_TRANSMIT_SPAN: from the first transmission to the last. */
  readonly maxTransmitSpanMilliseconds: number;
  /** MAX_TRANSMIT_WAIT: from the first transmission until it is given up. */
  readonly maxTransmitWaitMilliseconds: number;
  /** EXCHANGE_LIFETIME: for so long a confirmable message and its message ID are remembered. */
  readonly exchangeLifetimeMilliseconds: number;
  /** NON_LIFETIME: as much for one that is not. */
  readonly nonLifetimeMilliseconds: number;
}

/** What RFC 7252 section 4.8 proposes; the last two, of which it says nothing, are ours. */
export const defaultTransmission: CoapTransmission = {
  ackTimeoutMilliseconds: 2_000,
  ackRandomFactor: 1.5,
  maxRetransmit: 4,
  nstart: 1,
  defaultLeisureMilliseconds: 5_000,
  probingRateBytesPerSecond: 1,
  maxLatencyMilliseconds: 100_000,
  processingDelayMilliseconds: 2_000,
  separateAfterMilliseconds: 250,
  responseTimeoutMilliseconds: 93_000,
};

/**
 * Completes parameters by those that RFC 7252 proposes.
 *
 * @throws RangeError for one that cannot be, such as a timeout of 0.
 */
export function completeTransmission(some: Partial<CoapTransmission> = {}): CoapTransmission {
  const whole: CoapTransmission = { ...defaultTransmission, ...some };
  for (const [name, least] of leasts) {
    const value = whole[name];
    const isWhole = name !== "maxRetransmit" && name !== "nstart";
    if (!(Number.isFinite(value) && value >= least && (isWhole || Number.isInteger(value)))) {
      throw new RangeError(`transmission.${name} is at least ${least}, not ${value}`);
    }
  }
  return whole;
}

/** Derives what section 4.8.2 derives. */
export function transmissionTimes(transmission: CoapTransmission): CoapTransmissionTimes {
  const { ackTimeoutMilliseconds, ackRandomFactor, maxRetransmit } = transmission;
  const { maxLatencyMilliseconds, processingDelayMilliseconds } = transmission;
  const longestFirst = ackTimeoutMilliseconds * ackRandomFactor;
  const span = longestFirst * (2 ** maxRetransmit - 1);
  return {
    maxTransmitSpanMilliseconds: span,
    maxTransmitWaitMilliseconds: longestFirst * (2 ** (maxRetransmit + 1) - 1),
    exchangeLifetimeMilliseconds: span + 2 * maxLatencyMilliseconds + processingDelayMilliseconds,
    nonLifetimeMilliseconds: span + maxLatencyMilliseconds,
  };
}

const leasts: readonly (readonly [keyof CoapTransmission, number])[] = [
  ["ackTimeoutMilliseconds", 1],
  ["ackRandomFactor", 1],
  ["maxRetransmit", 0],
  ["nstart", 1],
  ["defaultLeisureMilliseconds", 0],
  ["probingRateBytesPerSecond", 0.001],
  ["maxLatencyMilliseconds", 0],
  ["processingDelayMilliseconds", 0],
  ["separateAfterMilliseconds", 0],
  ["responseTimeoutMilliseconds", 1],
];
