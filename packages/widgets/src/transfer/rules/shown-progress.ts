import type { TransferAction, TransferFacts, TransferState } from "../transfer-facts.ts";
import { knownTotal } from "./byte-counts.ts";
import type { TransferEstimate, TransferSample } from "./estimate.ts";
import { type SpokenRemaining, spokenRemaining } from "./remaining.ts";

/** What is told of a transfer: its state, and that nothing comes though it should. */
export type TransferPhase = TransferState | "stalled";

/** What there is to see. */
export interface ShownProgress {
  readonly phase: TransferPhase;
  /** 0 to 1, and 1 only when it is done; `undefined` where the whole is not known. */
  readonly fraction: number | undefined;
  /** The part of it that an earlier try had left. */
  readonly resumedFraction: number;
  /** Bytes that are there; never falls within a try. */
  readonly bytes: number;
  /** `undefined` where it is not known, or was wrong. */
  readonly totalBytes: number | undefined;
  /** Bytes a second. */
  readonly rate: number | undefined;
  readonly remaining: SpokenRemaining | undefined;
  /** For how long nothing has come, where that is to be told. */
  readonly silentMilliseconds: number | undefined;
  /** In the order in which they are shown. */
  readonly actions: readonly TransferAction[];
}

/** What a transfer says about itself at a time, for its estimate. */
export function sampleTransfer(transfer: TransferFacts, at: number): TransferSample {
  return {
    at,
    bytes: transfer.transferredBytes,
    totalBytes: transfer.totalBytes,
    attempt: transfer.restarts,
    isMoving: transfer.state === "under-way",
  };
}

/** What there is to see of a transfer. */
export function showProgress(transfer: TransferFacts, estimate: TransferEstimate): ShownProgress {
  const isStalled = transfer.state === "under-way" && estimate.isStalled;
  const phase = isStalled ? "stalled" : transfer.state;
  const fraction = transfer.state === "done" ? 1 : estimate.fraction;
  const totalBytes = estimate.isOutgrown ? undefined : knownTotal(transfer.totalBytes);
  return {
    phase,
    fraction,
    resumedFraction: resumedFraction(transfer, fraction, totalBytes),
    bytes: estimate.bytes,
    totalBytes,
    rate: estimate.rate,
    remaining:
      estimate.remainingMilliseconds === undefined ? undefined : spokenRemaining(estimate.remainingMilliseconds),
    silentMilliseconds: isStalled ? estimate.silentMilliseconds : undefined,
    actions: actionsOf[phase].filter((each) => transfer.actions.includes(each)),
  };
}

function resumedFraction(
  { resumedFromBytes }: TransferFacts,
  fraction: number | undefined,
  totalBytes: number | undefined,
): number {
  if (fraction === undefined || totalBytes === undefined || !(resumedFromBytes > 0)) return 0;
  return Math.min(fraction, resumedFromBytes / totalBytes);
}

/** What makes sense in each state: what goes on with it first, what ends it last. */
const actionsOf: Readonly<Record<TransferPhase, readonly TransferAction[]>> = {
  waiting: ["cancel"],
  "under-way": ["pause", "cancel"],
  stalled: ["retry", "pause", "cancel"],
  verifying: ["cancel"],
  paused: ["resume", "cancel"],
  done: ["open", "show", "remove"],
  failed: ["retry", "remove"],
  cancelled: ["retry", "remove"],
};
