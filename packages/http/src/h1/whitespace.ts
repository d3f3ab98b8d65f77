const SPACE = 0x20;
const TAB = 0x09;

/**
 * A part of a text without the spaces and tabs around it. By hand: an expression that looks for the last of them takes
 * quadratic time on a field that is full of them.
 *
 * @see RFC 9110 section 5.6.3
 */
export function trimmed(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isWhitespace(text.charCodeAt(start))) start += 1;
  while (end > start && isWhitespace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isWhitespace(code: number): boolean {
  return code === SPACE || code === TAB;
}
