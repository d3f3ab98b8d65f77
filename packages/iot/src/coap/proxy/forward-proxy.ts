import { answeredWithin } from "../client/deadline.ts";
import type { CoapClient } from "../client/coap-client.ts";
import type { CoapAnswer, CoapContext, CoapHandler, CoapRequest, CoapRequester, CoapResponse } from "../exchange.ts";
import { limitHops } from "../hop-limit/limit-hops.ts";
import { CoapObservationEnded } from "../observe/observation-ended.ts";
import { observe } from "../observe/observe.ts";
import {
  type CoapCode,
  type CoapUri,
  coapOptions,
  formatCoapUri,
  readOption,
  readProxyTarget,
  requestOptionsToForward,
  responseOptionsToForward,
  uriOptions,
} from "../protocol/index.ts";
import { coapRefusal } from "../server/coap-answer.ts";
import { gatewayRefusal } from "./gateway-refusal.ts";
import { isGroupAddress } from "./group-address.ts";

/** How requests are forwarded. */
export interface ForwardProxyOptions {
  /** Asks the servers: with its identity, its keys and its network. */
  readonly client: Pick<CoapClient, "requester">;
  /**
   * Says who may ask for what; whoever may not gets 4.03. There is no default: a proxy that is open to all lends its place
   * in the network, and what `client` is trusted with, to strangers. A host is a name or an address, as it was asked for:
   * what a name leads to is only known when it is resolved.
   */
  readonly allow: (request: ProxiedCoapRequest, context: CoapContext) => boolean | Promise<boolean>;
  /** What a trace of proxies calls this one; `proxy` by default. RFC 8768 section 4. */
  readonly name?: string | undefined;
  /** How long an answer is waited for; 60,000 by default. */
  readonly timeoutMilliseconds?: number | undefined;
}

/** What a client wants of a server. */
export interface ProxiedCoapRequest {
  readonly uri: CoapUri;
  /** The method. */
  readonly code: CoapCode;
}

/**
 * Forwards requests that ask for a proxy, and leaves the others to what is behind it. Observation is forwarded as well, and
 * so is what OSCORE protects. What goes in circles ends by Hop-Limit; groups are not asked.
 *
 * @see RFC 7252 section 5.7.2
 *
 * @example
 * const allow = ({ uri }: ProxiedCoapRequest) => uri.host === "sensor.internal";
 * const handler = forwardProxy({ client: coapClient(), allow })(resourceHandler([]));
 * await using server = coapServer({ handler });
 */
export function forwardProxy(options: ForwardProxyOptions): (handler: CoapHandler) => CoapHandler {
  const { client, allow, name = "proxy", timeoutMilliseconds = 60_000 } = options;
  return (handler) => {
    const forward = limitHops(name)(async (request, context) => {
      const target = readProxyTarget(request);
      if (target.type !== "coap") return coapRefusal("Bad Request");
      const { uri } = target;
      if (isGroupAddress(uri.host) || !(await allow({ uri, code: request.code }, context))) {
        return coapRefusal("Forbidden");
      }
      const kept = requestOptionsToForward(request);
      if (kept.type === "refuse") return coapRefusal("Bad Option", `option ${kept.number}`);
      const asked = {
        ...request,
        options: [...uriOptions(uri), ...kept.options].sort((one, other) => one.number - other.number),
      };
      const requester = answeredWithin(timeoutMilliseconds, uri, client.requester(formatCoapUri(uri)));
      const { signal } = context;
      try {
        if (readOption(request, "observe") === 0) return await observed(requester, asked, signal);
        return answerOf(await requester(asked, { signal }));
      } catch (error) {
        signal.throwIfAborted();
        return coapRefusal(gatewayRefusal(error));
      }
    });
    return async (request, context) => {
      switch (readProxyTarget(request).type) {
        case "self":
        case "http":
        case "unknown-scheme":
          return handler(request, context);
        case "invalid":
          return context.isMulticast ? undefined : coapRefusal("Bad Request", "no URI to ask for");
        case "coap":
          return context.isMulticast ? undefined : forward(request, context);
      }
    };
  };
}

/** RFC 7641 section 5: the proxy observes for the client. */
async function observed(requester: CoapRequester, request: CoapRequest, signal: AbortSignal): Promise<CoapAnswer> {
  // The state is wanted, and not that the client has it: that is between the two.
  const options = request.options.filter(({ number }) => number !== coapOptions.eTag.number);
  const states = observe(requester, { ...request, options }, { signal })[Symbol.asyncIterator]();
  const first = await nextState(states);
  const updates: AsyncIterableIterator<CoapResponse> = {
    next: async () => {
      const state = await nextState(states);
      return state === undefined ? { done: true, value: undefined } : { done: false, value: state };
    },
    return: async () => {
      await states.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => updates,
  };
  return { ...(first ?? coapRefusal("Bad Gateway")), updates };
}

/** The end of an observation is a state as well: an answer of class 4 or 5. */
async function nextState(states: AsyncIterator<CoapResponse>): Promise<CoapResponse | undefined> {
  try {
    const state = await states.next();
    return state.done === true ? undefined : answerOf(state.value);
  } catch (error) {
    return error instanceof CoapObservationEnded ? answerOf(error.response) : coapRefusal(gatewayRefusal(error));
  }
}

function answerOf(response: CoapResponse): CoapResponse {
  const kept = responseOptionsToForward(response);
  return kept.type === "refuse"
    ? coapRefusal("Bad Gateway", `option ${kept.number}`)
    : { ...response, options: kept.options };
}
