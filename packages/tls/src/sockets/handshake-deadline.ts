import { TimeoutError } from "@fairlead/core";
import type { TlsSocket } from "../contract.ts";

/** How long something may take, and who may give it up before. */
export interface Deadline {
  readonly milliseconds: number;
  readonly signal?: AbortSignal | undefined;
  readonly peer: string | undefined;
}

/** Ten seconds: a handshake that takes longer is not worth waiting for, and holds a place that others want. */
export const defaultHandshakeTimeoutMilliseconds = 10_000;

/**
 * Cuts a socket whose handshake goes on after it was handed over, as it does with early data, and does not end in time.
 */
export function holdToDeadline(socket: TlsSocket, { milliseconds, peer }: Omit<Deadline, "signal">): TlsSocket {
  const timer = setTimeout(() => {
    socket.destroy(new TimeoutError("secure", { peer, operation: "secure" }));
  }, milliseconds);
  const done = (): void => clearTimeout(timer);
  socket.handshakeDone.then(done, done);
  return socket;
}

/** Gives `run` a signal that fires with a `TimeoutError` when the time is over, or with the outer signal's reason. */
export async function withinDeadline<T>(
  { milliseconds, signal, peer }: Deadline,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const ended = new AbortController();
  const onAbort = (): void => ended.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  const timer = setTimeout(() => ended.abort(new TimeoutError("secure", { peer, operation: "secure" })), milliseconds);
  try {
    return await run(ended.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
