/** A list without its middle: where nothing is left out, all of it is `first`. */
export interface ListEnds<T> {
  readonly first: readonly T[];
  /** How many are left out. */
  readonly between: number;
  readonly last: readonly T[];
}

/**
 * Leaves out the middle of a list of which nobody reads all, and whose beginning and end say the most: what a server led
 * through ten thousand redirects.
 *
 * @param most how many stay: an even number.
 */
export function endsOfList<T>(list: readonly T[], most: number): ListEnds<T> {
  if (list.length <= most) return { first: list, between: 0, last: [] };
  const half = most / 2;
  return { first: list.slice(0, half), between: list.length - most, last: list.slice(list.length - half) };
}
