import { TimeoutError } from "@fairlead/core";
import type { Connectivity } from "../connectivity/connectivity.ts";
import type { HopOptions, Stage } from "../dispatch.ts";
import type { WaitFor } from "../exchange.ts";
import { failedController } from "../pool/failed-controller.ts";

/** Sends a request that waits for the internet when that is there. Nobody else waits for it. */
export function waitForOnline(connectivity: () => Connectivity): Stage {
  return (next) => (options, handler) => {
    const { waitFor } = options.exchange;
    if (waitFor === undefined) return next(options, handler);
    wait(connectivity(), waitFor, options)
      .then(() => next(options, handler))
      .catch((error: unknown) => {
        handler.onResponseError?.(failedController, error as Error);
      });
    return true;
  };
}

async function wait(connectivity: Connectivity, waitFor: WaitFor, { exchange, target }: HopOptions): Promise<void> {
  const { signal } = exchange;
  try {
    await connectivity.until(waitFor, signal === undefined ? {} : { signal });
  } catch (error) {
    // Whose time is up wants to know that nothing was sent.
    if (!(error instanceof TimeoutError)) throw error;
    throw new TimeoutError("online", { peer: target.peer, operation: "wait for online" });
  }
}
