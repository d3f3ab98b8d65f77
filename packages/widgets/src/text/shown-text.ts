/** What is left of a text is cut off behind so many characters, unless a widget asks for more. */
export const SHOWN_TEXT_LIMIT = 2_048;

/**
 * Makes text from outside fit to be shown in a line: what nobody sees, or what turns the direction of what stands around
 * it, is written as its code point, `⟨U+202E⟩`; all spaces but the plain one too, since they look like it; what is too
 * long ends in `…`. It is text still: whoever draws it never reads it as markup.
 *
 * @param limit characters (code points) at the most.
 */
export function shownText(text: string, limit: number = SHOWN_TEXT_LIMIT): string {
  // A code point has two units at the most: what is behind the limit is not looked at.
  const near = text.slice(0, limit * 2 + 2);
  if (near.length <= limit) return near.replaceAll(UNSHOWN, escapeCharacter);
  const characters = Array.from(near);
  const kept = characters.slice(0, limit).join("").replaceAll(UNSHOWN, escapeCharacter);
  return characters.length > limit ? `${kept}…` : kept;
}

/**
 * Controls, formats (bidirectional marks, joiners, tags), separators, halves of characters, private use, what is not
 * assigned; spaces other than U+0020; fillers and blanks that are letters or symbols by their category.
 */
const UNSHOWN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

function escapeCharacter(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `⟨U+${code.padStart(4, "0")}⟩`;
}
