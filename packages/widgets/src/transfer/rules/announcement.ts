import type { ShownProgress, TransferPhase } from "./shown-progress.ts";

/** What is worth to be read out by itself: a change of state, and each quarter. */
export interface Announcement {
  readonly phase: TransferPhase;
  /** 0, 25, 50 or 75; `undefined` where the whole is not known, and where the state says all. */
  readonly percent: number | undefined;
}

/** What to read out, when it is another than what was read out last. */
export function announce({ phase, fraction }: ShownProgress): Announcement {
  if (phase !== "under-way" || fraction === undefined) return { phase, percent: undefined };
  return { phase, percent: Math.floor(fraction * 4) * 25 };
}
