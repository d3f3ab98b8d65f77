import type { TransferFacts } from "../transfer-facts.ts";
import { countableBytes, knownTotal } from "./byte-counts.ts";
import { estimateTransfer, type TransferEstimate } from "./estimate.ts";
import { type SpokenRemaining, spokenRemaining } from "./remaining.ts";

/** What all transfers of a list come to that are under way. */
export interface TransferTotals {
  readonly count: number;
  /** Bytes a second, of all. */
  readonly rate: number | undefined;
  /** Until the last is done; `undefined` also where one of them does not know its size. */
  readonly remaining: SpokenRemaining | undefined;

  readonly estimate: TransferEstimate;
  /** What each had when it was looked at last. */
  readonly seen: ReadonlyMap<string, number>;
  /** What came to all of them, as long as they were looked at. */
  readonly movedBytes: number;
}

/** Adds up what is under way: what comes is measured as if it were one transfer, of which parts begin and end. */
export function sumTransfers(
  before: TransferTotals | undefined,
  transfers: readonly TransferFacts[],
  at: number,
): TransferTotals {
  const moving = transfers.filter(({ state }) => state === "under-way");
  const seen = new Map(moving.map((each) => [`${each.restarts} ${each.id}`, countableBytes(each.transferredBytes)]));
  let movedBytes = before?.movedBytes ?? 0;
  for (const [id, bytes] of seen) movedBytes += Math.max(0, bytes - (before?.seen.get(id) ?? bytes));
  const left = leftBytes(moving);
  const estimate = estimateTransfer(before?.estimate, {
    at,
    bytes: movedBytes,
    totalBytes: left === undefined ? undefined : movedBytes + left,
    attempt: 0,
    isMoving: moving.length > 0,
  });
  const { rate, remainingMilliseconds } = estimate;
  const remaining = remainingMilliseconds === undefined ? undefined : spokenRemaining(remainingMilliseconds);
  return { count: moving.length, rate, remaining, estimate, seen, movedBytes };
}

function leftBytes(moving: readonly TransferFacts[]): number | undefined {
  let left = 0;
  for (const each of moving) {
    const transferredBytes = countableBytes(each.transferredBytes);
    const totalBytes = knownTotal(each.totalBytes);
    if (totalBytes === undefined || totalBytes < transferredBytes) return undefined;
    left += totalBytes - transferredBytes;
  }
  return left;
}
