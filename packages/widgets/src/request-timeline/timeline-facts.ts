/** One hop of a request, as the host application gives it: the facts that a transaction of `@fairlead/access` has. */
export interface TimelineHop {
  readonly method: string;
  readonly url: string;
  /** `network`, `redirect`, `hsts`, `cache`, `scheme`; others are shown as they are. */
  readonly reason: string;
  /** `undefined` until a response began. */
  readonly status: number | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly timing: HopTiming;
  /** Whether its connection had been there before. */
  readonly reused: boolean;
  readonly protocol: string;
  /** Why it was sent once more, each time. */
  readonly repeats: readonly string[];
  readonly error: string | undefined;
  /** `earlyData` is what became of a request that went with the first flight: `accepted`, `rejected`, `none`. */
  readonly tls: { readonly earlyData: string } | undefined;
}

/**
 * Milliseconds; absent where the phase did not take place. `send` and `response` are both counted from the request's first
 * byte, `body` from the head of the response. A hop without `total` is under way.
 */
export type HopTiming = Readonly<
  Partial<
    Record<"blocked" | "resolve" | "connect" | "secure" | "send" | "response" | "body" | "total", number | undefined>
  >
>;
