/** What each confusable character looks like: the prototypes of UTS 39. */
export type Confusables = ReadonlyMap<string, string>;

/**
 * Unpacks the confusables as `scripts/url-data.ts` packs them: a line for each prototype, its code points joined by `+`,
 * then its characters as distances of code points, all in base 36.
 */
export function unpackConfusables(packed: string): Confusables {
  const confusables = new Map<string, string>();
  for (const line of packed.trim().split("\n")) {
    const [prototype = "", ...distances] = line.split(" ");
    const target = String.fromCodePoint(...prototype.split("+").map((code) => Number.parseInt(code, 36)));
    let code = 0;
    for (const distance of distances) {
      code += Number.parseInt(distance, 36);
      confusables.set(String.fromCodePoint(code), target);
    }
  }
  return confusables;
}
