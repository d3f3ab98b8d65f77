import type { TransferFacts, TransferState } from "../transfer-facts.ts";

/** Groups of a list, in the order in which they stand. */
export const transferGroups = ["under-way", "resting", "failed", "ended"] as const;

/** A group of a list. */
export type TransferGroup = (typeof transferGroups)[number];

/** Transfers of one group, the latest first. */
export interface ArrangedGroup {
  readonly group: TransferGroup;
  readonly transfers: readonly TransferFacts[];
}

/** Puts what needs somebody's eye first, and leaves out groups that have nothing. */
export function arrangeTransfers(transfers: readonly TransferFacts[]): readonly ArrangedGroup[] {
  const byTime = transfers.toSorted((one, other) => later(one, other));
  return transferGroups
    .map((group) => ({ group, transfers: byTime.filter(({ state }) => groupOf[state] === group) }))
    .filter((each) => each.transfers.length > 0);
}

const groupOf: Readonly<Record<TransferState, TransferGroup>> = {
  "under-way": "under-way",
  verifying: "under-way",
  waiting: "resting",
  paused: "resting",
  failed: "failed",
  done: "ended",
  cancelled: "ended",
};

function later(one: TransferFacts, other: TransferFacts): number {
  if (one.startedAt !== other.startedAt) return other.startedAt - one.startedAt;
  return one.id < other.id ? -1 : 1;
}
