/**
 * The codings that a field names, in the order in which they were applied, as the peer wrote them.
 *
 * @param field the value or values of `Content-Encoding` or `Transfer-Encoding`.
 * @see RFC 9110 section 8.4, RFC 9112 section 6.1
 */
export function codingsOf(field: string | readonly string[] | undefined): readonly string[] {
  if (field === undefined) return NONE;
  return [field]
    .flat()
    .join(",")
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "");
}

const NONE: readonly string[] = [];
