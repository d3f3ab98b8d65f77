import type { Label } from "../label.ts";

/** Objects to the joiners U+200C and U+200D: nobody sees whether they are there, and they make another name. */
export function joiner(label: Label): string | undefined {
  return /[\u200c\u200d]/.exec(label.text)?.[0];
}
