/** A piece of what is shown of a URL. */
export interface UrlSegment {
  readonly text: string;
  /** It could turn its neighbours round, and is to be isolated from them. */
  readonly isForeign: boolean;
}

/**
 * Divides what is shown of a URL so that it can be drawn in its own order, whatever letters it has: each label of a host,
 * and each segment of a path, that is not plain ASCII is a piece of its own.
 *
 * @see {@link isolatedUrlText} for plain text
 */
export function urlSegments(text: string): readonly UrlSegment[] {
  if (isPlain(text)) return [{ text, isForeign: false }];
  return text
    .split(/([\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]+)/u)
    .filter((each) => each !== "")
    .map((each) => ({ text: each, isForeign: !isPlain(each) }));
}

/** What is shown of a URL as plain text that keeps its order, from left to right, within text of any direction. */
export function isolatedUrlText(text: string): string {
  const segments = urlSegments(text).map((each) => (each.isForeign ? `\u2068${each.text}\u2069` : each.text));
  return `\u2066${segments.join("")}\u2069`;
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7e…]*$/u.test(text);
}
