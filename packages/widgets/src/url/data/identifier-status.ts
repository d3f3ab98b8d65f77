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
  const ranges = packed.trim().split(/\s+/).map(unpackRange);
  const end = ranges.reduce((sum, { distance }) => sum + distance, ranges.at(-1)?.length ?? 0);
  // A bit for each code point up to the last that is allowed: 21 KiB.
  const bits = new Uint8Array((end >>> 3) + 1);
  let first = 0;
  for (const { distance, length } of ranges) {
    first += distance;
    for (let code = first; code < first + length; code++)
      bits[code >>> 3] = (bits[code >>> 3] ?? 0) | (1 << (code & 7));
  }
  return { isAllowed: (code) => ((bits[code >>> 3] ?? 0) & (1 << (code & 7))) !== 0 };
}

function unpackRange(range: string): { readonly distance: number; readonly length: number } {
  const [distance = "", length = "1"] = range.split("+");
  return { distance: Number.parseInt(distance, 36), length: Number.parseInt(length, 36) };
}
