import type { ControlFields } from "./control-fields.ts";
import { BODY_TOO_LARGE, malformed, type RequestFault } from "./request-fault.ts";

/** Bytes of a request's content, 0 where it has none; or that it comes in chunks. */
export type RequestFraming = number | "chunked";

/**
 * Decides where a request ends. Stricter than it need be wherever two recipients could see two different requests: two
 * lengths, even equal ones, a coding beside a length or in HTTP/1.0.
 *
 * @see RFC 9112 sections 6.1 to 6.3
 */
export function decideRequestFraming(
  { contentLength, transferEncoding }: Pick<ControlFields, "contentLength" | "transferEncoding">,
  minorVersion: 0 | 1,
  bodyBytes: number,
): RequestFraming | RequestFault {
  if (transferEncoding !== undefined) {
    if (contentLength !== undefined) return malformed("both Content-Length and Transfer-Encoding");
    if (minorVersion === 0) return malformed("a Transfer-Encoding in HTTP/1.0");
    return codingFault(transferEncoding) ?? "chunked";
  }
  if (contentLength === undefined) return 0;
  if (!DIGITS.test(contentLength)) return malformed("a Content-Length that is no single number");
  const bytes = Number(contentLength);
  return bytes > bodyBytes ? BODY_TOO_LARGE : bytes;
}

const DIGITS = /^\d+$/;

function codingFault(transferEncoding: string): RequestFault | undefined {
  if (transferEncoding.toLowerCase() === "chunked") return undefined;
  const codings = transferEncoding.toLowerCase().split(/[\t ]*,[\t ]*/);
  if (codings.at(-1) !== "chunked") return malformed("a Transfer-Encoding whose last coding is not chunked");
  if (codings.indexOf("chunked") !== codings.length - 1) return malformed("a body that is chunked twice");
  if (codings.includes("")) return malformed("an empty transfer coding");
  return malformed("a transfer coding that is not implemented", 501);
}
