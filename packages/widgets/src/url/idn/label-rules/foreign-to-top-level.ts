import type { Label } from "../label.ts";

/**
 * Objects to letters that are at home in one country and look like another letter everywhere else: thorn and eth outside
 * of Iceland and the Faroes, the Latin schwa outside of Azerbaijan. A label of one letter is all about that letter.
 */
export function foreignToTopLevel(label: Label): string | undefined {
  if (label.text.length === 1) return undefined;
  const { ascii } = label.topLevel;
  return homes
    .find(({ letters, at }) => !at.includes(ascii) && letters.test(label.text))
    ?.letters.exec(label.text)?.[0];
}

const homes = [
  { letters: /[þð]/, at: ["is", "fo"] },
  { letters: /ə/, at: ["az"] },
];
