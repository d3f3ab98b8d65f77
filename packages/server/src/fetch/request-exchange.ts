import type { BodySource, Exchange } from "../exchange/index.ts";
import { streamSource } from "./content-source.ts";
import { LeanRequest } from "./lean-request.ts";

/**
 * The exchange behind a request of the server, for those who read its head and its connection without building what nobody
 * looks at; `undefined` for a `Request` that somebody else made, and for a clone. Its content is had by
 * {@link requestContent}, and its answer is the handler's response.
 */
export function exchangeOf(request: Request): Exchange | undefined {
  return LeanRequest.exchangeOf(request);
}

/**
 * The content of a request, whoever made it, piece by piece, which counts as read then; `undefined` where it has none.
 *
 * @throws TypeError when it was read already, or is being read.
 */
export function requestContent(request: Request): BodySource | undefined {
  if (LeanRequest.is(request)) return LeanRequest.takeContent(request);
  return request.body === null ? undefined : streamSource(request.body);
}
