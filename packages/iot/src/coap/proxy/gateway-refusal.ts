import { FairleadError, PolicyError, TimeoutError, UsageError } from "@fairlead/core";
import type { CoapCodeName } from "../protocol/index.ts";

/**
 * What a proxy answers when a server could not be asked. It names nothing that the proxy alone knows, such as an address.
 *
 * @throws what is not known: a defect, or the reason of a signal.
 * @see RFC 7252 section 5.7.2
 */
export function gatewayRefusal(error: unknown): CoapCodeName {
  if (!(error instanceof FairleadError)) throw error;
  if (error instanceof TimeoutError) return "Gateway Timeout";
  if (error instanceof PolicyError) return "Forbidden";
  if (!(error instanceof UsageError)) return "Bad Gateway";
  return error.code === "URL_SCHEME_UNKNOWN" ? "Proxying Not Supported" : "Bad Request";
}
