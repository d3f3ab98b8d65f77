/** What happens to connections may be a portal's doing: certificates of another host, handshakes that hang, refusals. */
export type ConnectivityHint = "name-mismatch" | "slow-handshake" | "unreachable";

const FIRST_GAP_MILLISECONDS = 5_000;
const GAP_LIMIT_MILLISECONDS = 600_000;

/**
 * How long after a check the next one may be made for a hint's sake. It doubles with each check that was made for one and
 * found nothing new, so that a server with a wrong certificate does not have the network probed all day.
 */
export function hintGapMilliseconds(fruitlessChecks: number): number {
  return Math.min(GAP_LIMIT_MILLISECONDS, FIRST_GAP_MILLISECONDS * 2 ** fruitlessChecks);
}

/** One server that is down says nothing about the network; as many connections as this, within as long, do. */
const BURST_FAILURES = 3;
const BURST_MILLISECONDS = 10_000;

/**
 * Notes that a connection could not be made.
 *
 * @param earlier when others could not, by the same clock; the oldest first.
 * @returns when, of those that count; empty when they have just made a burst, which `isBurst` tells.
 */
export function noteFailure(
  earlier: readonly number[],
  now: number,
): { readonly failures: readonly number[]; readonly isBurst: boolean } {
  const failures = [...earlier.filter((at) => now - at < BURST_MILLISECONDS), now];
  return failures.length < BURST_FAILURES ? { failures, isBurst: false } : { failures: [], isBurst: true };
}
