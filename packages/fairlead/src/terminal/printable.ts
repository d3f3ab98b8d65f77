/**
 * Makes text from outside safe to print: what a terminal would obey, or what changes the order of what is read, is
 * shown as an escape, `\u{1b}`.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escape);
}

/** Control characters, formats such as bidirectional overrides, line separators, and halves of characters. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

function escape(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/**
 * Formats a value as JSON that is safe to print and reads the same: all that `printable` escapes is `\uXXXX`.
 *
 * @param indent 0 for one line.
 */
export function printableJson(value: unknown, indent = 2): string {
  // JSON.stringify indents with line feeds, and escapes those inside of strings by itself.
  return JSON.stringify(value, null, indent).replaceAll(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}
