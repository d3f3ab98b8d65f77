/** Where a key goes from one of so many; `undefined` for a key that goes nowhere, and at the ends. */
export function neighbourOf(key: string, from: number, count: number): number | undefined {
  if (from === -1) return undefined;
  const to = new Map([
    ["ArrowDown", from + 1],
    ["ArrowUp", from - 1],
    ["Home", 0],
    ["End", count - 1],
  ]).get(key);
  return to === undefined || to < 0 || to >= count ? undefined : to;
}
