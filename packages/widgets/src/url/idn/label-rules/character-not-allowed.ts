import type { Label } from "../label.ts";

/**
 * Objects to characters outside of everyday use: those that UTS 39 does not allow in identifiers, and some more that look
 * like punctuation, or that hardly any language needs.
 *
 * @see UTS 39 section 3.1; Chromium's docs/idn.md, "characters"
 */
export function characterNotAllowed({ text, identifierStatus }: Label): string | undefined {
  const hasRemoved = removed.test(text);
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (!identifierStatus.isAllowed(code) || (hasRemoved && removed.test(character))) return character;
  }
  return undefined;
}

/**
 * A solidus that strikes through (U+0338), hyphens and dots that look like those of ASCII, quotation marks, kra, pinyin,
 * and the blocks of additions to Latin, Cyrillic and Greek.
 */
const removed =
  /[\u0338\u058a\u2010\u2019\u2027\u30a0\u02bb\u02bc\u02ec\u0138\u01cd-\u01dc\u1c80-\u1c8f\u1e00-\u1e9b\u1f00-\u1fff\ua640-\ua69f\ua720-\ua7ff]|['.:]/;
