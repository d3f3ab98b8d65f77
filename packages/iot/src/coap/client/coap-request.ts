import { UsageError } from "@fairlead/core";
import type { CoapDelivery, CoapProgress, CoapRequest } from "../exchange.ts";
import {
  type CoapContentFormat,
  type CoapOption,
  coapCodes,
  contentFormatNumber,
  writeOption,
} from "../protocol/index.ts";

/** Methods by their names. RFC 7252 section 5.8, RFC 8132. */
export type CoapMethod = "GET" | "POST" | "PUT" | "DELETE" | "FETCH" | "PATCH" | "iPATCH";

/** How one request is made. */
export interface CoapRequestOptions {
  /** Text is sent as UTF-8. Bytes must not change while they are sent. */
  readonly body?: string | Uint8Array | undefined;
  /** What the body is. */
  readonly contentFormat?: CoapContentFormat | undefined;
  /** What the answer should be; without it, whatever the server likes. */
  readonly accept?: CoapContentFormat | undefined;
  /** Versions that the caller has: one that is still right is confirmed by 2.03, without a body. */
  readonly eTags?: readonly Uint8Array[] | undefined;
  /** Does nothing unless the resource is one of these versions (4.12); an empty one is any. */
  readonly ifMatch?: readonly Uint8Array[] | undefined;
  /** Does nothing if the resource is there already (4.12). */
  readonly ifNoneMatch?: boolean | undefined;
  /** Any other options. */
  readonly options?: readonly CoapOption[] | undefined;
  /** Whether a datagram is repeated until it is acknowledged, as by default. */
  readonly delivery?: CoapDelivery | undefined;
  /** For the whole of it, opening a channel and all blocks included; the client's by default. */
  readonly timeoutMilliseconds?: number | undefined;
  /** Told behind every block of a body that travels in several. */
  readonly onProgress?: ((progress: CoapProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a request of what a caller says.
 *
 * @param where the options that say what is asked for.
 * @throws UsageError OPTION_INVALID; RangeError for an option that has no form.
 */
export function coapRequest(method: CoapMethod, where: readonly CoapOption[], said: CoapRequestOptions): CoapRequest {
  const { body, contentFormat, accept, eTags = [], ifMatch = [], ifNoneMatch = false, options = [] } = said;
  if (body !== undefined && (method === "GET" || method === "DELETE")) {
    // RFC 7252 sections 5.8.1 and 5.8.4 say nothing of a body; RFC 8132 section 2 has FETCH for that.
    throw new UsageError("OPTION_INVALID", { detail: "body", remedy: `${method} has none; use FETCH, PUT or POST` });
  }
  const written = [
    ...where,
    ...(contentFormat === undefined ? [] : [writeOption("contentFormat", contentFormatNumber(contentFormat))]),
    ...(accept === undefined ? [] : [writeOption("accept", contentFormatNumber(accept))]),
    ...eTags.map((eTag) => writeOption("eTag", eTag)),
    ...ifMatch.map((eTag) => writeOption("ifMatch", eTag)),
    ...(ifNoneMatch ? [writeOption("ifNoneMatch", new Uint8Array(0))] : []),
    ...options,
  ];
  return {
    code: coapCodes[method],
    options: written.sort((one, other) => one.number - other.number),
    payload: typeof body === "string" ? new TextEncoder().encode(body) : (body ?? new Uint8Array(0)),
  };
}
