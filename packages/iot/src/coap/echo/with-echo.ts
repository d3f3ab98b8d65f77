import type { CoapRequester } from "../exchange.ts";
import { coapOptions, readOption, writeOption } from "../protocol/index.ts";

/**
 * Shows a server that the client is there, and now: a request that is answered by 4.01 with Echo is sent once more with
 * that value. Any other answer, and a second such one, is the caller's.
 *
 * @see RFC 9175 section 2.3
 */
export function withEcho(requester: CoapRequester): CoapRequester {
  return async (request, given = {}) => {
    // What observes asks again by its first token, which would stay open otherwise.
    const call = given.observer === undefined ? given : { ...given, observation: given.observation ?? {} };
    const response = await requester(request, call);
    const echo = response.code === "4.01" ? readOption(response, "echo") : undefined;
    if (echo === undefined) return response;
    const others = request.options.filter(({ number }) => number !== coapOptions.echo.number);
    const options = [...others, writeOption("echo", echo)].sort((one, other) => one.number - other.number);
    return requester({ ...request, options }, call);
  };
}
