import type { Label } from "../label.ts";

/** Objects to the same combining mark twice on a letter: it is drawn once. @see UTS 39 section 5.4 */
export function repeatedMark(label: Label): string | undefined {
  return /(\p{Mn})\p{M}*?\1/u.exec(label.text.normalize("NFD"))?.[1];
}
