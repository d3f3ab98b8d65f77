/** What a server said when it was asked for tokens, or that it said nothing. */
export type PollAnswer = "pending" | "slow-down" | "unreachable";

/** When a server is asked again. */
export type PollDecision =
  /** After so many milliseconds. */
  | { readonly type: "ask"; readonly interval: number }
  /** Never: by then the code is of no use. */
  | { readonly type: "expired" };

/** What is known when it is decided; in milliseconds. */
export interface PollFacts {
  /** Between the two latest questions. */
  readonly interval: number;
  readonly now: number;
  readonly expiresAt: number;
}

/**
 * Decides when a server is asked again whether somebody has signed in: five seconds later than before from when it wants it
 * slower, and twice as late while it cannot be reached.
 *
 * @see RFC 8628 section 3.5
 */
export function decidePoll(answer: PollAnswer, { interval, now, expiresAt }: PollFacts): PollDecision {
  const next = answer === "pending" ? interval : answer === "slow-down" ? interval + 5_000 : interval * 2;
  return now + next < expiresAt ? { type: "ask", interval: next } : { type: "expired" };
}
