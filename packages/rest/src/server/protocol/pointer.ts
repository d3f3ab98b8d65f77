/**
 * Where in a JSON value something is, as a fragment of a URI.
 *
 * @example
 * pointerTo(["items", 0, "a/b"]) // "#/items/0/a~1b"
 * @see RFC 6901 section 6
 */
export function pointerTo(path: readonly (string | number)[]): string {
  return `#${path.map((segment) => `/${encodeFragment(escape(String(segment)))}`).join("")}`;
}

/** RFC 6901 section 3. */
function escape(segment: string): string {
  return segment.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** A surrogate that stands alone has no UTF-8. */
function encodeFragment(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
