import { isCodedError } from "@fairlead/core";
import type { Network } from "../network.ts";

/**
 * Waits for a network, whatever it leads to: without an address nothing can be reached, and a broker may well be in a house
 * whose internet is gone.
 *
 * @throws UsageError MANAGER_CLOSED; or the signal's reason.
 */
export async function untilConnected(
  { connectivity }: Pick<Network, "connectivity">,
  signal: AbortSignal,
): Promise<void> {
  const found = new AbortController();
  const stop = (): void => found.abort(signal.reason);
  signal.addEventListener("abort", stop);
  try {
    signal.throwIfAborted();
    await Promise.any(
      (["local", "portal", "online"] as const).map((state) => connectivity.until(state, { signal: found.signal })),
    );
  } catch (error) {
    // All have failed. Where nothing can tell of an internet, that is told of the states that nobody can wait for.
    const failures: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
    throw failures.find((each) => !isCodedError(each) || each.code !== "CONNECTIVITY_PROBE_MISSING") ?? error;
  } finally {
    signal.removeEventListener("abort", stop);
    found.abort();
  }
}
