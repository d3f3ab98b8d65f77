import { TransportError } from "@fairlead/core";
import type { CoapCall, CoapObserver, CoapRequester } from "../exchange.ts";
import { type CoapCode, type CoapDestination, coapCodes } from "../protocol/index.ts";
import type { ChannelLease, ChannelPool } from "./channel-pool.ts";

/**
 * Asks whoever is at a destination, by a channel of a pool that is in use no longer than the request, or what it observes.
 * What changes nothing is asked once more where a channel broke without an answer.
 *
 * @param over makes the requester of a channel.
 */
export function pooledRequester(
  pool: ChannelPool,
  destination: CoapDestination,
  over: (lease: ChannelLease) => CoapRequester,
): CoapRequester {
  return async (request, call = {}) => {
    for (let triesLeft = safeMethods.has(request.code) ? 2 : 1; ; triesLeft -= 1) {
      const lease = await pool.lease(destination, call.signal);
      try {
        const response = await over(lease)(request, holding(call, lease));
        if (call.observer === undefined) lease.release();
        return response;
      } catch (error) {
        lease.release();
        const isBroken = lease.channel.closed && error instanceof TransportError;
        if (!isBroken || triesLeft === 1) throw error;
      }
    }
  };
}

/** A call whose observer keeps the channel in use. */
function holding(call: CoapCall, lease: ChannelLease): CoapCall {
  const { observer } = call;
  if (observer === undefined) return call;
  const held: CoapObserver = {
    next: (response) => {
      observer.next(response);
    },
    end: (error) => {
      lease.release();
      observer.end(error);
    },
  };
  return { ...call, observer: held };
}

/** RFC 7252 section 5.1, RFC 8132 section 2. */
const safeMethods: ReadonlySet<CoapCode> = new Set([coapCodes.GET, coapCodes.FETCH]);
