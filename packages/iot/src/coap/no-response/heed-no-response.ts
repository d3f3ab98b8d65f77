import type { CoapHandler } from "../exchange.ts";
import { coapOptions, readOption } from "../protocol/index.ts";

/**
 * Leaves unsaid what a client does not want to hear: answers of the classes that its No-Response names. What follows an
 * answer is unsaid with it.
 *
 * @see RFC 7967 section 2.1
 */
export function heedNoResponse(handler: CoapHandler): CoapHandler {
  return async (request, context) => {
    const unwanted = readOption(request, "noResponse");
    if (unwanted === undefined) return handler(request, context);
    const options = request.options.filter(({ number }) => number !== coapOptions.noResponse.number);
    const answer = await handler({ ...request, options }, context);
    if (answer === undefined) return undefined;
    const bit = 1 << (Number(answer.code[0]) - 1);
    if ((unwanted & bit) === 0) return answer;
    await answer.updates?.[Symbol.asyncIterator]().return?.();
    await answer.rest?.[Symbol.asyncIterator]().return?.();
    return undefined;
  };
}
