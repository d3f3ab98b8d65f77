import { shownText } from "@fairlead/widgets";

/**
 * What people read for a word of the protocol. A word that nobody knows is shown as it came: the program that is looked at
 * may be of another version, or hostile, so the names of what all objects have are none that is known.
 */
export function wordFor(words: Readonly<Record<string, string>>, word: string): string {
  return (Object.hasOwn(words, word) ? words[word] : undefined) ?? shownText(word, 64);
}
