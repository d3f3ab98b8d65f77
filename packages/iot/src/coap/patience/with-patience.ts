import { type Clock, systemClock } from "@fairlead/tls/datagram";
import type { CoapRequester } from "../exchange.ts";
import { bodyKey } from "../protocol/blocks/index.ts";
import { readOption } from "../protocol/index.ts";
import { wait } from "../wait.ts";

/** How long a client waits when a server has too much to do. */
export interface PatienceOptions {
  /** Longest wait that is heeded, 60 by default: when the server wants a longer one, the caller gets its 4.29. */
  readonly maxWaitSeconds?: number | undefined;
  /** How often one request is sent again, 3 by default. */
  readonly maxRepeats?: number | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Heeds 4.29: the request is sent again when the server's Max-Age has passed, and so are others that ask for the same
 * meanwhile, none before it. A request that was refused so has done nothing, whatever its method.
 *
 * @throws the call's signal's reason, also out of a wait.
 *
 * @see RFC 8516 section 3
 */
export function withPatience(options: PatienceOptions = {}): (requester: CoapRequester) => CoapRequester {
  const { maxWaitSeconds = 60, maxRepeats = 3, clock = systemClock } = options;
  return (requester) => {
    /** Until when nothing of this kind is asked. */
    const refusedUntil = new Map<string, number>();
    return async (request, given = {}) => {
      const call = given.observer === undefined ? given : { ...given, observation: given.observation ?? {} };
      const key = bodyKey(request);
      for (let repeats = 0; ; repeats += 1) {
        const until = refusedUntil.get(key);
        if (until !== undefined && until > clock.now()) await wait(clock, until - clock.now(), call.signal);
        const response = await requester(request, call);
        if (response.code !== "4.29") {
          refusedUntil.delete(key);
          return response;
        }
        const seconds = readOption(response, "maxAge") ?? 60;
        if (seconds > maxWaitSeconds || repeats === maxRepeats) return response;
        if (refusedUntil.size >= maxRemembered) refusedUntil.clear();
        refusedUntil.set(key, clock.now() + seconds * 1000);
      }
    };
  };
}

/** Kinds of requests; forgetting them costs a server one request more. */
const maxRemembered = 1_000;
