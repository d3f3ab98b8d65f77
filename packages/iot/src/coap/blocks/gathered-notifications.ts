import { FairleadError } from "@fairlead/core";
import type { CoapObserver, CoapResponse } from "../exchange.ts";

/**
 * Gathers each notification's body before it is told. When the next one comes meanwhile, it is the one that is gathered:
 * what is older is of no use any more.
 *
 * @param gather the whole of what a response begins, until the signal fires.
 *
 * @see RFC 7959 section 2.6
 */
export function gatheredNotifications(
  observer: CoapObserver,
  gather: (first: CoapResponse, signal: AbortSignal) => Promise<CoapResponse>,
): CoapObserver {
  let current = new AbortController();
  const overtake = (): AbortSignal => {
    current.abort();
    current = new AbortController();
    return current.signal;
  };
  return {
    next(response) {
      const signal = overtake();
      gather(response, signal).then(
        (whole) => {
          if (!signal.aborted) observer.next(whole);
        },
        (error: unknown) => {
          if (signal.aborted) return;
          overtake();
          observer.end(error instanceof FairleadError ? error : undefined);
        },
      );
    },
    end(error) {
      overtake();
      observer.end(error);
    },
  };
}
