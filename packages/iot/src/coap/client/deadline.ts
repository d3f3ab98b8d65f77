import { TimeoutError, UsageError } from "@fairlead/core";
import { formatPeer } from "@fairlead/transport";
import type { CoapRequester } from "../exchange.ts";
import type { CoapDestination } from "../protocol/index.ts";

/** How long something may take. */
export interface Deadline {
  readonly timeoutMilliseconds: number;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
  /** What a TimeoutError names. */
  readonly uri: Pick<CoapDestination, "host" | "port">;
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
  const { deadline, clear } = startDeadline("total", timeoutMilliseconds, uri);
  const abort = (): void => {
    deadline.abort(signal?.reason);
  };
  signal?.addEventListener("abort", abort, { once: true });
  try {
    signal?.throwIfAborted();
    return await run(deadline.signal);
  } finally {
    clear();
    signal?.removeEventListener("abort", abort);
  }
}

/** Limits the time until each first response; what is observed behind it may take longer. The phase is `response`. */
export function answeredWithin(
  timeoutMilliseconds: number,
  uri: CoapDestination,
  requester: CoapRequester,
): CoapRequester {
  return async (request, call = {}) => {
    const { deadline, clear } = startDeadline("response", timeoutMilliseconds, uri);
    const signal = call.signal === undefined ? deadline.signal : AbortSignal.any([call.signal, deadline.signal]);
    try {
      return await requester(request, { ...call, signal });
    } finally {
      clear();
    }
  };
}

function startDeadline(
  phase: "total" | "response",
  milliseconds: number,
  { host, port }: Pick<CoapDestination, "host" | "port">,
): { readonly deadline: AbortController; readonly clear: () => void } {
  if (!(milliseconds > 0 && milliseconds <= longest)) {
    const remedy = `give more than 0 and at most ${longest}`;
    throw new UsageError("OPTION_INVALID", { detail: "timeoutMilliseconds", remedy });
  }
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort(new TimeoutError(phase, { peer: formatPeer(host, port), operation: "request" }));
  }, milliseconds);
  return {
    deadline,
    clear: () => {
      clearTimeout(timer);
    },
  };
}

/** Of a timer. */
const longest = 2 ** 31 - 1;
