import { countableBytes, knownTotal } from "./byte-counts.ts";

/** How far a transfer is, at one time. */
export interface TransferSample {
  /** Milliseconds of any clock. It may go back; then no time has passed. */
  readonly at: number;
  readonly bytes: number;
  /** `undefined` while nobody has said it. */
  readonly totalBytes: number | undefined;
  /** Another number than before: it was begun again from zero. */
  readonly attempt: number;
  /** Whether bytes are to be expected: not while it waits or rests, nor at its end. */
  readonly isMoving: boolean;
}

/** What can be said of a transfer, by all samples until now. Its first fields are what is shown. */
export interface TransferEstimate {
  /** 0 to 0.99; never falls within an attempt; `undefined` where the whole is not known. */
  readonly fraction: number | undefined;
  /** Bytes a second, smoothed; `undefined` until it was seen for a second, and while nothing comes. */
  readonly rate: number | undefined;
  /** Steady: it counts down, and is changed only when it was wrong by a third; `undefined` until it can be told. */
  readonly remainingMilliseconds: number | undefined;
  /** For how long nothing has come; 0 where nothing is expected. */
  readonly silentMilliseconds: number;
  /** Whether so long that it is to be told. */
  readonly isStalled: boolean;
  readonly attempt: number;

  readonly isMoving: boolean;
  readonly at: number;
  /** The most that was there in this attempt. */
  readonly bytes: number;
  /** More came than was announced: what is announced is not believed any more in this attempt. */
  readonly isOutgrown: boolean;
  /** Came at the time of the last sample: there is no span to divide it by. */
  readonly uncountedBytes: number;
  /** Since it moves. */
  readonly measuredMilliseconds: number;
  /** Bytes a millisecond, each weighed by its age, and the sum of the weights: 1 when it was measured for long. */
  readonly weighedRate: number;
  readonly weight: number;
}

/** What came so long ago counts a third of what comes now. */
export const RATE_MEMORY_MILLISECONDS = 5_000;
/** Before, a rate is an accident. */
const RATE_KNOWN_AFTER_MILLISECONDS = 1_000;
/** Before, a remaining time is one. */
const REMAINING_KNOWN_AFTER_MILLISECONDS = 3_000;
/** Without a byte for so long, it has stalled. */
export const STALLED_AFTER_MILLISECONDS = 10_000;
/** A remaining time that is beyond is no use to anybody. */
const LONGEST_REMAINING_MILLISECONDS = 100 * 86_400_000;
/** How far a remaining time may be from what is measured until it is corrected: a third of it more, a quarter less. */
const REMAINING_TOLERANCE = 4 / 3;
const SHORTEST_SPAN_MILLISECONDS = 1;
/** What `Date` can say. */
const LATEST_MOMENT = 8.64e15;
/** The end is reached by the transfer's state, never by counting. */
const ALMOST_ALL = 0.99;

/**
 * What can be said with one more sample. The rate does not depend on how often it is asked for: a span in two halves comes
 * to the same as the whole.
 *
 * @param before `undefined` at the first sample.
 * @param told a length that is no number of bytes is one that nobody has said.
 */
export function estimateTransfer(before: TransferEstimate | undefined, told: TransferSample): TransferEstimate {
  const sample = { ...told, totalBytes: knownTotal(told.totalBytes) };
  const at = Math.abs(sample.at) <= LATEST_MOMENT ? sample.at : (before?.at ?? 0);
  const bytes = countableBytes(sample.bytes);
  const { attempt, isMoving } = sample;
  if (before === undefined || !Object.is(before.attempt, attempt)) {
    return { ...nothingMeasured, ...howFar(undefined, bytes, sample), at, bytes, attempt, isMoving };
  }
  const most = Math.max(before.bytes, bytes);
  const reached = { ...howFar(before, most, sample), bytes: most, attempt, isMoving };
  if (!isMoving || !before.isMoving) return { ...nothingMeasured, ...reached, at };
  const arrived = { ...before, ...reached, uncountedBytes: before.uncountedBytes + most - before.bytes };
  const span = at - before.at;
  // A clock that went back says nothing of how much time has passed; what came meanwhile counts with the next span.
  if (span < 0) return { ...arrived, at };
  return span < SHORTEST_SPAN_MILLISECONDS ? arrived : { ...arrived, ...measure(arrived, span, sample), at };
}

const nothingMeasured = {
  rate: undefined,
  remainingMilliseconds: undefined,
  silentMilliseconds: 0,
  isStalled: false,
  uncountedBytes: 0,
  measuredMilliseconds: 0,
  weighedRate: 0,
  weight: 0,
} as const;

function howFar(
  before: TransferEstimate | undefined,
  bytes: number,
  { totalBytes }: TransferSample,
): Pick<TransferEstimate, "fraction" | "isOutgrown"> {
  const isOutgrown = before?.isOutgrown === true || (totalBytes !== undefined && bytes > totalBytes);
  if (isOutgrown || totalBytes === undefined || totalBytes === 0) return { fraction: undefined, isOutgrown };
  return { fraction: Math.max(before?.fraction ?? 0, Math.min(bytes / totalBytes, ALMOST_ALL)), isOutgrown };
}

function measure(arrived: TransferEstimate, span: number, { totalBytes }: TransferSample): Partial<TransferEstimate> {
  const measuredMilliseconds = arrived.measuredMilliseconds + span;
  const silentMilliseconds = arrived.uncountedBytes > 0 ? 0 : arrived.silentMilliseconds + span;
  const isStalled = silentMilliseconds >= STALLED_AFTER_MILLISECONDS;
  const share = -Math.expm1(-span / RATE_MEMORY_MILLISECONDS);
  const weighedRate = arrived.weighedRate * (1 - share) + (arrived.uncountedBytes / span) * share;
  const weight = arrived.weight * (1 - share) + share;
  const rate = weighedRate / weight;
  const left = totalBytes === undefined || arrived.isOutgrown ? undefined : totalBytes - arrived.bytes;
  return {
    rate: !isStalled && measuredMilliseconds >= RATE_KNOWN_AFTER_MILLISECONDS ? rate * 1_000 : undefined,
    remainingMilliseconds:
      !isStalled && measuredMilliseconds >= REMAINING_KNOWN_AFTER_MILLISECONDS && left !== undefined
        ? steadyRemaining(arrived.remainingMilliseconds, span, left / rate)
        : undefined,
    silentMilliseconds,
    isStalled,
    uncountedBytes: 0,
    measuredMilliseconds,
    weighedRate,
    weight,
  };
}

/** What was said before goes on as a clock does, until what is measured is too far from it. */
function steadyRemaining(before: number | undefined, passed: number, now: number): number | undefined {
  // Without any rate it is endless, or, with nothing left, not a number.
  if (Number.isNaN(now) || now > LONGEST_REMAINING_MILLISECONDS) return undefined;
  const counted = (before ?? 0) - passed;
  if (counted <= 0) return now;
  return counted <= now * REMAINING_TOLERANCE && now <= counted * REMAINING_TOLERANCE ? counted : now;
}
