import { parseHttpDate } from "../cache/http-date.ts";

/** What tells one version of a representation from every other, byte by byte; the value of `If-Range`. */
export type StrongValidator =
  | { readonly type: "etag"; readonly value: string }
  /** An HTTP-date, as the server wrote it. */
  | { readonly type: "last-modified"; readonly value: string };

/** An `etag` that is strong. RFC 9110 section 8.8.3. */
const STRONG_ETAG = /^"[\x21\x23-\x7e\x80-\xff]*"$/;

/**
 * The validator of a response by which parts of it may be put together with parts that come later; `undefined` when it has
 * none. A date is strong when the server sent it at least a second after what it names: nothing else could have been changed
 * within the second that it tells apart.
 *
 * @param now milliseconds since the epoch, for dates with a year of two digits.
 * @see RFC 9110 sections 8.8.2.2, 8.8.3 and 13.1.5
 */
export function strongValidator(
  fields: {
    readonly etag: string | undefined;
    readonly lastModified: string | undefined;
    readonly date: string | undefined;
  },
  now: number,
): StrongValidator | undefined {
  const { etag, lastModified, date } = fields;
  // A weak entity tag says that the version may change without it, which a date cannot take back.
  if (etag !== undefined) return STRONG_ETAG.test(etag) ? { type: "etag", value: etag } : undefined;
  const modified = parseHttpDate(lastModified ?? "", now);
  const sent = parseHttpDate(date ?? "", now);
  if (lastModified === undefined || modified === undefined || sent === undefined) return undefined;
  return sent - modified >= 1_000 ? { type: "last-modified", value: lastModified } : undefined;
}
