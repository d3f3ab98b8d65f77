/** When something was asked for last, and how long the answer took; milliseconds. */
export interface Asked {
  readonly at: number;
  readonly took: number;
}

/** What changes all the time is asked for this often at the most. */
const LEAST_MILLISECONDS = 1_000;
/** A program for which an answer is much work is asked less often: for one twentieth of the time at the most. */
const TIMES_AS_LONG = 20;

/** How long to wait, from now on, before what may have changed is asked for again; 0 for not at all. */
export function askAgainDelayMilliseconds(now: number, { at, took }: Asked): number {
  return Math.max(at + Math.max(LEAST_MILLISECONDS, took * TIMES_AS_LONG) - now, 0);
}
