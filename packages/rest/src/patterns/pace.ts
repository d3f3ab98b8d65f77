import { waitFor } from "./wait-for.ts";
import { PolicyError, UsageError } from "@fairlead/core";
import { readRateLimits } from "@fairlead/http/rate-limit";
import type { Pace } from "./pace-contract.ts";
import { afterAnswer, draw, type Standing } from "./protocol/pace-rule.ts";

/** How a client keeps to the limits of a service. */
export interface PaceOptions {
  /** Calls in a second at most, whatever the service says; no limit by default. */
  readonly callsPerSecond?: number;
  /** Calls that wait at the same time; 1,000 by default. One more is refused. */
  readonly waiting?: number;
  /** Milliseconds that one call waits at most; 60,000 by default. One that would have to wait longer is refused at once. */
  readonly longestWaitMilliseconds?: number;
  /** Milliseconds since the epoch; the system's clock by default. */
  readonly now?: () => number;
  /** Lets time pass; by timers by default. */
  readonly wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** Services that are remembered. */
const ORIGINS_LIMIT = 1_000;

/**
 * Makes a pace: what a service says of its limits (`RateLimit`, `X-RateLimit-…`, `Retry-After`) is kept for each origin, and
 * a call of which nothing would be left waits for the next window.
 *
 * @example
 * const client = restClient({ base: "https://api.github.com/", pace: pace() });
 */
export function pace(options: PaceOptions = {}): Pace {
  const { callsPerSecond, waiting = 1_000, longestWaitMilliseconds = 60_000, now = Date.now, wait = waitFor } = options;
  if (callsPerSecond !== undefined && !(callsPerSecond > 0)) {
    throw new UsageError("OPTION_INVALID", { operation: "pace", detail: "callsPerSecond" });
  }
  const gapMilliseconds = callsPerSecond === undefined ? 0 : 1_000 / callsPerSecond;
  const standings = new Map<string, Standing>();
  let waitingNow = 0;

  const refused = (origin: string, detail: string): PolicyError =>
    new PolicyError("RATE_LIMITED", {
      peer: URL.parse(origin)?.host,
      operation: "pace",
      detail,
      remedy: "ask less often",
    });

  return {
    async turn(origin, signal) {
      const begun = now();
      for (;;) {
        signal?.throwIfAborted();
        const drawn = draw(standings.get(origin) ?? {}, gapMilliseconds, now());
        if (drawn.type === "go") {
          remember(standings, origin, drawn.standing);
          return;
        }
        if (drawn.at - begun > longestWaitMilliseconds) throw refused(origin, `for ${String(drawn.at - now())} ms`);
        if (waitingNow >= waiting) throw refused(origin, "as many wait already as may");
        waitingNow += 1;
        try {
          await wait(Math.max(1, drawn.at - now()), signal);
        } finally {
          waitingNow -= 1;
        }
      }
    },
    learn(origin, status, field) {
      const at = now();
      remember(standings, origin, afterAnswer(standings.get(origin) ?? {}, readRateLimits(status, field, at), at));
    },
  };
}

function remember(standings: Map<string, Standing>, origin: string, standing: Standing): void {
  standings.delete(origin);
  standings.set(origin, standing);
  const [oldest] = standings.keys();
  if (standings.size > ORIGINS_LIMIT && oldest !== undefined) standings.delete(oldest);
}
