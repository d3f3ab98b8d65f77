/**
 * Reads a sequence set such as `1,3:5,7:*` and tells whether a number is in it. `largest` is what `*` stands for.
 *
 * Returns `undefined` for what is none.
 *
 * @see RFC 9051 section 9, sequence-set
 */
export function readSequenceSet(text: string, largest: number): ((number: number) => boolean) | undefined {
  if (
    text.length > 1000 ||
    !/^(?:\d{1,10}|\*)(?::(?:\d{1,10}|\*))?(?:,(?:\d{1,10}|\*)(?::(?:\d{1,10}|\*))?)*$/.test(text)
  ) {
    return undefined;
  }
  const bound = (each: string): number => (each === "*" ? largest : Number(each));
  const ranges = text.split(",").map((range) => {
    const [from = "", to = from] = range.split(":");
    return [Math.min(bound(from), bound(to)), Math.max(bound(from), bound(to))] as const;
  });
  return (number) => ranges.some(([from, to]) => from <= number && number <= to);
}
