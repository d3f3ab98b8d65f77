import type { ByteRange } from "./byte-range.ts";
import { formatContentRange } from "./select.ts";

/** An answer of several parts: text, and bytes of the representation, in turn. */
export interface MultipartRanges {
  /** For the Content-Type field. */
  readonly contentType: string;
  /** Octets in all. */
  readonly length: number;
  readonly parts: readonly { readonly head: string; readonly range: ByteRange }[];
  /** What follows the last part. */
  readonly end: string;
}

/**
 * Frames several parts of a representation.
 *
 * @param contentType of the representation, if it has one.
 * @param boundary up to 70 characters of which none needs quoting, and which nobody can guess: what is in the
 *   representation must not end a part.
 * @see RFC 9110 section 14.6, RFC 2046 section 5.1
 */
export function frameRanges(
  ranges: readonly ByteRange[],
  completeLength: number,
  contentType: string | undefined,
  boundary: string,
): MultipartRanges {
  const type = contentType === undefined ? "" : `Content-Type: ${contentType}\r\n`;
  const parts = ranges.map((range, index) => ({
    head: `${index === 0 ? "" : "\r\n"}--${boundary}\r\n${type}Content-Range: ${formatContentRange(range, completeLength)}\r\n\r\n`,
    range,
  }));
  const end = `\r\n--${boundary}--\r\n`;
  return {
    contentType: `multipart/byteranges; boundary=${boundary}`,
    length: parts.reduce((sum, { head, range }) => sum + head.length + range.last - range.first + 1, end.length),
    parts,
    end,
  };
}
