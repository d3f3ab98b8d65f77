import type { CoapAnswer, CoapContext, CoapHandler, CoapRequest, CoapResponse } from "../exchange.ts";
import { mappedIterable } from "../mapped-iterable.ts";
import { coapOptions, readOption, writeOption } from "../protocol/index.ts";
import { oscoreOverheadBytes } from "../protocol/oscore/cryptography.ts";
import type { OscoreHeader } from "../protocol/oscore/oscore-option.ts";
import { readOscoreHeader, type RequestBinding } from "../protocol/oscore/protect-message.ts";
import { nameContext, type OscoreContextName } from "./context-name.ts";
import type { OscoreContext } from "./oscore-context.ts";

/** Finds the context of a request; `undefined` when there is none, which answers it with 4.01. */
export type FindOscoreContext = (
  name: OscoreContextName,
  context: CoapContext,
) => OscoreContext | undefined | Promise<OscoreContext | undefined>;

/** What is done beside. */
export interface ServeOscoreOptions {
  /** Passes requests without OSCORE on to the handler, whose `context.security` then tells; by default they get 4.01. */
  readonly acceptUnprotected?: boolean | undefined;
}

/**
 * Has a handler answer requests that are protected by OSCORE; `context.security` says by which context. Requests that
 * cannot be verified are answered as RFC 8613 section 8.2 says, without a reason: to groups, not at all.
 *
 * @param contexts those that there are, or what finds one
 *
 * @see RFC 8613 sections 8.2 and 8.3
 *
 * @example
 * serveChannel(channel, serveOscore([context])(handler));
 */
export function serveOscore(
  contexts: readonly OscoreContext[] | FindOscoreContext,
  { acceptUnprotected = false }: ServeOscoreOptions = {},
): (handler: CoapHandler) => CoapHandler {
  const find = typeof contexts === "function" ? contexts : findAmong(contexts);
  return (handler) => async (request, context) => {
    const reading = readOscoreHeader(request);
    switch (reading.type) {
      case "absent":
        return acceptUnprotected ? handler(request, context) : refusal("4.01", context);
      case "malformed":
        return refusal("4.02", context);
      case "header":
        return serveProtected(request, reading.header, context, find, handler);
    }
  };
}

async function serveProtected(
  request: CoapRequest,
  { keyId, partialIv, idContext }: OscoreHeader,
  context: CoapContext,
  find: FindOscoreContext,
  handler: CoapHandler,
): Promise<CoapAnswer | undefined> {
  if (keyId === undefined || partialIv === undefined) return refusal("4.02", context);
  const name = nameContext(keyId, idContext);
  const oscore = await find(name, context);
  if (oscore === undefined || !isNamed(oscore, name)) return refusal("4.01", context);
  const binding: RequestBinding = { keyId, partialIv };
  const accepted = oscore.acceptRequest(binding, request);
  switch (accepted.type) {
    case "refused":
      return refusal(accepted.code, context);
    case "challenge":
      return oscore.protectResponse(binding, accepted.response, "own-number");
    case "request":
  }
  const isObservable = readOption(request, "observe") === 0 && readOption(accepted.request, "observe") === 0;
  const inner = isObservable ? accepted.request : withoutObserve(accepted.request);
  const answer = await answerOf(handler, inner, {
    ...context,
    security: { type: "oscore", peerId: oscore.peerId, idContext: oscore.idContext },
    isReachable: context.isReachable || accepted.isFresh,
    maxMessageBytes: context.maxMessageBytes - oscoreOverheadBytes,
  });
  if (answer === undefined) return undefined;
  const { rest, updates, delivery } = answer;
  const isObserved = isObservable && updates !== undefined && answer.code.startsWith("2.");
  const protect = (response: CoapResponse): Promise<CoapResponse> =>
    oscore.protectResponse(binding, isObserved ? asNotification(response) : withoutObserve(response), "own-number");
  // The request's nonce is good for one answer.
  const first = isObserved
    ? await protect(answer)
    : await oscore.protectResponse(binding, withoutObserve(answer), "request-nonce");
  return {
    ...{ ...first, delivery },
    rest: rest === undefined ? undefined : mappedIterable(rest, protect),
    updates: isObserved ? mappedIterable(updates, protect) : undefined,
  };
}

/** What fails is told as 5.00, and told to nobody but the peer. */
async function answerOf(
  handler: CoapHandler,
  request: CoapRequest,
  context: CoapContext,
): Promise<CoapAnswer | undefined> {
  try {
    return await handler(request, context);
  } catch {
    return { code: "5.00", options: [], payload: none };
  }
}

function findAmong(contexts: readonly OscoreContext[]): FindOscoreContext {
  return (name) => {
    const named = contexts.filter((context) => isNamed(context, name));
    // A request without ID context means the one that has none, or the only one that there is.
    return named.find((context) => context.idContext === name.idContext) ?? (named.length === 1 ? named[0] : undefined);
  };
}

function isNamed({ peerId, idContext }: OscoreContext, name: OscoreContextName): boolean {
  return peerId === name.peerId && (name.idContext === undefined || name.idContext === idContext);
}

/** Not protected, and not to be kept by a proxy. RFC 8613 section 8.2. */
function refusal(code: "4.00" | "4.01" | "4.02", { isMulticast }: CoapContext): CoapAnswer | undefined {
  return isMulticast ? undefined : { code, options: [writeOption("maxAge", 0)], payload: none };
}

/** Its order is told by the partial IV. RFC 8613 section 4.1.3.5.2. */
function asNotification(response: CoapResponse): CoapResponse {
  const plain = withoutObserve(response);
  if (!response.code.startsWith("2.")) return plain;
  const options = [...plain.options, { number: coapOptions.observe.number, value: none }];
  return { ...plain, options: options.sort((one, other) => one.number - other.number) };
}

function withoutObserve({ code, options, payload }: CoapRequest | CoapResponse): CoapResponse {
  return { code, options: options.filter(({ number }) => number !== coapOptions.observe.number), payload };
}

const none = new Uint8Array(0);
