import { TimeoutError, UsageError } from "@fairlead/core";
import { formatPeer } from "@fairlead/transport";
import type { CoapDestination } from "../protocol/index.ts";

/** How long something may take. */
export interface Deadline {
  readonly timeoutMilliseconds: number;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
  /** What a TimeoutError names. */
  readonly uri: CoapDestination;
}

/**
 * Does something with a signal that fires at the caller's word, or when the time is over.
 *
 * @throws TimeoutError with phase `total`; the caller's reason; or what `run` throws.
 */
export async function withinDeadline<Result>(
  { timeoutMilliseconds, signal, uri }: Deadline,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  if (!(timeoutMilliseconds > 0 && timeoutMilliseconds <= longest)) {
    const remedy = `give more than 0 and at most ${longest}`;
    throw new UsageError("OPTION_INVALID", { detail: "timeoutMilliseconds", remedy });
  }
  signal?.throwIfAborted();
  const deadline = new AbortController();
  const abort = (): void => {
    deadline.abort(signal?.reason);
  };
  signal?.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(() => {
    const facts = { peer: formatPeer(uri.host, uri.port), operation: "request" };
    deadline.abort(new TimeoutError("total", facts));
  }, timeoutMilliseconds);
  try {
    return await run(deadline.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** Of a timer. */
const longest = 2 ** 31 - 1;
