import type { CoapHandler } from "../exchange.ts";
import { decreaseHopLimit } from "../protocol/hop-limit/decrease-hop-limit.ts";

/**
 * Keeps requests from going in circles: what is handled behind it, by being forwarded, has one hop less to go. A 5.08 names
 * the proxies that it came back through, this one first.
 *
 * @param name of this proxy, as others may see it; no host name that is nobody's business.
 *
 * @see RFC 8768 section 3
 */
export function limitHops(name: string, initialHops = 16): (handler: CoapHandler) => CoapHandler {
  const ownName = new TextEncoder().encode(name);
  return (handler) => async (request, context) => {
    const decision = decreaseHopLimit(request.options, initialHops);
    if (decision.type === "refuse") {
      return { code: decision.code, options: [], payload: decision.code === "5.08" ? ownName : new Uint8Array(0) };
    }
    const answer = await handler({ ...request, options: decision.options }, context);
    if (answer?.code !== "5.08") return answer;
    const payload = Uint8Array.from([...ownName, space, ...answer.payload.subarray(0, maxTraceBytes)]);
    return { ...answer, payload };
  };
}

const space = 0x20;
/** Of what came back: a trace stays within one datagram. */
const maxTraceBytes = 500;
