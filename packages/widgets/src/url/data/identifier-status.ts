/** The characters that UTS 39 allows in identifiers: those in everyday use in the languages of today. */
export interface IdentifierStatus {
  /** @param code a code point. */
  readonly isAllowed: (code: number) => boolean;
}

/**
 * Unpacks Identifier_Status as `scripts/url-data.ts` packs it: for each range the distance from the beginning of the one
 * before and, behind a `+`, its length, in base 36.
 */
export function unpackIdentifierStatus(packed: string): IdentifierStatus {
  const ranges = packed.trim().split(/\s+/);
  const firsts = new Uint32Array(ranges.length);
  const lasts = new Uint32Array(ranges.length);
  let first = 0;
  for (const [index, range] of ranges.entries()) {
    const [distance = "", length = "1"] = range.split("+");
    first += Number.parseInt(distance, 36);
    firsts[index] = first;
    lasts[index] = first + Number.parseInt(length, 36) - 1;
  }
  return {
    isAllowed: (code) => {
      const index = lastAtMost(firsts, code);
      return index >= 0 && code <= (lasts[index] ?? -1);
    },
  };
}

/** The index of the last number that is at most `value`, or -1. */
function lastAtMost(ascending: Uint32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
