import type { Label } from "../label.ts";

/** Objects to hyphens in the third and fourth place, which IDNA keeps for prefixes such as `xn--`. @see RFC 5891 section 4.2.3.1 */
export function reservedHyphens(label: Label): string | undefined {
  return /^..--/u.test(label.text) ? "--" : undefined;
}
