/** How many requests are allowed: a bucket of `burst` tokens that fills at `requests` in `seconds`. */
export interface Rate {
  readonly requests: number;
  readonly seconds: number;
  /** What a bucket holds at most. */
  readonly burst: number;
}

/** What a bucket says to one who wants a token. */
export interface Draw {
  readonly isAllowed: boolean;
  /** When the bucket will be full again, in milliseconds: all that there is to keep of it. Unchanged when refused. */
  readonly fullAt: number;
  /** Whole tokens that are left. */
  readonly remaining: number;
  /** Until there is a whole token; 0 where there is one. */
  readonly waitMilliseconds: number;
}

/**
 * Takes a token out of a bucket.
 *
 * @param fullAt of the draw before; `undefined` for a bucket that is full.
 * @param now milliseconds of a clock that does not go back.
 */
export function draw({ requests, seconds, burst }: Rate, fullAt: number | undefined, now: number): Draw {
  const interval = (seconds * 1_000) / requests;
  const before = Math.max(fullAt ?? now, now);
  const after = before + interval;
  // What is missing of a full bucket is told by the time that it takes to fill; sums of fractions come out a little off.
  const tokens = (at: number): number => Math.max(0, Math.floor(burst - (at - now) / interval + 1e-9));
  const isAllowed = tokens(before) >= 1;
  const kept = isAllowed ? after : before;
  const remaining = tokens(kept);
  const waitMilliseconds = remaining >= 1 ? 0 : kept - now - (burst - 1) * interval;
  return { isAllowed, fullAt: kept, remaining, waitMilliseconds };
}
