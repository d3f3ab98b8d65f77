import type { TlsPsk } from "@fairlead/tls";

/** A connection for which a key may be known. */
export interface PreSharedKeyQuestion {
  /** The server: `host:port`, as the URL has it. */
  readonly peer: string;
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/**
 * Gives the key that both sides know and the name of it, or `undefined` for a server that is known by its certificate.
 * Asked for each connection anew, and only that one waits. What it throws ends the connection.
 *
 * The name is sent in the clear. RFC 4279; RFC 7252 section 9.1.3.1.
 */
export type OnPreSharedKey = (question: PreSharedKeyQuestion) => TlsPsk | undefined | Promise<TlsPsk | undefined>;

/**
 * Asks for the key of a server, and waits for the answer no longer than the caller does.
 *
 * @throws what `ask` throws; or the signal's reason.
 */
export async function askForKey(
  ask: OnPreSharedKey | undefined,
  peer: string,
  signal: AbortSignal | undefined,
): Promise<TlsPsk | undefined> {
  signal?.throwIfAborted();
  if (ask === undefined) return undefined;
  const nobodyWaits = new AbortController();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    nobodyWaits.abort(signal?.reason);
    reject(signal?.reason);
  };
  signal?.addEventListener("abort", abort);
  try {
    return await Promise.race([ask({ peer, signal: nobodyWaits.signal }), aborted]);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}
