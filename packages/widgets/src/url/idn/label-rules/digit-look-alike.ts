import type { Label } from "../label.ts";

/** Objects to a label of digits and of letters that look like digits: `12ვ4`. */
export function digitLookAlike(label: Label): string | undefined {
  return wholeLabel.test(label.text) ? lookAlike.exec(label.text)?.[0] : undefined;
}

const lookAlike = /[θ२২੨૨೩೭շзҙӡउওਤ੩૩౩ဒვპੜკ੫丩ㄐճ৪੪୫૭୨౨]/u;
const wholeLabel = new RegExp(`^(?:[0-9]|${lookAlike.source})+$`, "u");
