/**
 * Puts one thing into a list, or takes it out; what is put in stands where it does in the order of all, and the others stay
 * as they are.
 *
 * @param order all that there are, the preferred first.
 */
export function withToggled<T extends string>(list: readonly T[], each: T, order: readonly T[]): readonly T[] {
  if (list.includes(each)) return list.filter((other) => other !== each);
  const before = list.findIndex((other) => order.indexOf(other) > order.indexOf(each));
  return before === -1 ? [...list, each] : [...list.slice(0, before), each, ...list.slice(before)];
}
