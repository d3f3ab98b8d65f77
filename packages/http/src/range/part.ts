import { parseContentRange } from "./byte-range.ts";
import type { StrongValidator } from "./strong-validator.ts";

/** The part of a representation that a request asked for, with `Range` and `If-Range`. */
export interface AskedPart {
  readonly first: number;
  /** `undefined` for all that follows. */
  readonly last: number | undefined;
  /** Of the version that is wanted; `undefined` where any is. */
  readonly validator: StrongValidator | undefined;
  /** Bytes of the version that is wanted; `undefined` when nobody knows. */
  readonly completeLength: number | undefined;
}

/** What matters of a response here. Values of repeated fields are joined by commas. */
export interface PartResponse {
  readonly status: number;
  readonly contentRange: string | undefined;
  readonly contentType: string | undefined;
  readonly contentLength: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

/** What a response is to whoever asked for a part. */
export type PartDecision =
  /** Bytes from `first` to `last` of the version that is wanted. */
  | {
      readonly type: "part";
      readonly first: number;
      readonly last: number;
      readonly completeLength: number | undefined;
    }
  /** All of the representation: the server knows no ranges, or the version has changed. */
  | { readonly type: "whole" }
  /** Another version, of which this is no use: the whole is to be asked for. */
  | { readonly type: "changed" }
  /** Neither the whole nor a part: an error, for one. */
  | { readonly type: "other" }
  /** What was not asked for, or contradicts itself. */
  | { readonly type: "invalid"; readonly detail: string };

/**
 * Decides what a response to a request for a part, or for the whole, is good for. Bytes of two versions never come
 * together: also a server that does not know `If-Range` is seen through by the validator and the length that it sends.
 *
 * @param asked `undefined` where the whole was asked for.
 * @see RFC 9110 sections 13.1.5, 14.4, 15.3.7 and 15.5.17
 */
export function decidePart(asked: AskedPart | undefined, response: PartResponse): PartDecision {
  const { status } = response;
  if (status === 416) return asked === undefined ? { type: "other" } : { type: "changed" };
  if (status !== 206) return { type: status >= 200 && status <= 299 ? "whole" : "other" };
  if (asked === undefined) return { type: "invalid", detail: "a part, and no range was asked for" };
  return decidePartial(asked, response);
}

function decidePartial(asked: AskedPart, response: PartResponse): PartDecision {
  if (/^multipart\//i.test(response.contentType ?? "")) return invalid("several parts, and one was asked for");
  if (!/^(?:identity)?$/i.test(response.contentEncoding ?? "")) return invalid("a part of a coded representation");
  const range = parseContentRange(response.contentRange);
  if (range === undefined) return invalid("no Content-Range of one part in bytes");
  const { first, last, completeLength } = range;
  if (isAnotherVersion(asked, response, completeLength)) return { type: "changed" };
  // A server may send less than was asked for, but neither other bytes nor more.
  if (first !== asked.first || last > (asked.last ?? last)) return invalid("another range than the one asked for");
  const { contentLength } = response;
  if (contentLength !== undefined && Number(contentLength) !== last - first + 1) {
    return invalid("a Content-Length that is not the range's");
  }
  return { type: "part", first, last, completeLength: completeLength ?? asked.completeLength };
}

function isAnotherVersion(
  { validator, completeLength: expected }: AskedPart,
  { etag, lastModified }: PartResponse,
  completeLength: number | undefined,
): boolean {
  if (expected !== undefined && completeLength !== undefined && expected !== completeLength) return true;
  switch (validator?.type) {
    case undefined:
      return false;
    // RFC 9110 section 15.3.7: a part repeats the entity tag, and need not repeat the date.
    case "etag":
      return etag !== validator.value;
    case "last-modified":
      return lastModified !== undefined && lastModified !== validator.value;
  }
}

function invalid(detail: string): PartDecision {
  return { type: "invalid", detail };
}
