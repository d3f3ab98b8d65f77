import type { Label } from "../label.ts";

/** Objects to the same combining mark twice on a letter: it is drawn once. @see UTS 39 section 5.4 */
export function repeatedMark({ text }: Label): string | undefined {
  // No letter has the same mark twice within itself.
  return marks.test(text) ? twice.exec(text.normalize("NFD"))?.[1] : undefined;
}

const marks = /\p{M}/u;
const twice = /(\p{Mn})\p{M}*?\1/u;
