import type { Label } from "../label.ts";

/** Objects to Latin letters outside of ASCII beside letters of another script: beside Chinese, nobody writes `é`. */
export function accentedLatinMix(label: Label): string | undefined {
  if (label.scripts?.single !== false) return undefined;
  return /(?![a-z])\p{Script=Latin}/u.exec(label.text.normalize("NFC"))?.[0];
}
