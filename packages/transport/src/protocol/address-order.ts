/** An address that a name resolved to. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/**
 * Puts addresses in the order in which they are tried: families take turns, and within each the resolver's order stays,
 * which is that of RFC 6724. The resolver's first address stays the first. What is repeated is tried once.
 *
 * @see RFC 8305 section 4
 */
export function addressOrder(resolved: readonly ResolvedAddress[]): readonly ResolvedAddress[] {
  const distinct = [...new Map(resolved.map((each) => [each.address, each])).values()];
  const first = distinct[0]?.family;
  const preferred = distinct.filter(({ family }) => family === first);
  const others = distinct.filter(({ family }) => family !== first);
  return Array.from({ length: Math.max(preferred.length, others.length) }, (_, index) => [
    ...preferred.slice(index, index + 1),
    ...others.slice(index, index + 1),
  ]).flat();
}
