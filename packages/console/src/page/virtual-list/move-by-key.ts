/** What a key of the keyboard asks of a list: another active row, or to open the active one. */
export type ListMove = { readonly type: "to"; readonly row: number } | { readonly type: "open" };

/**
 * What a key does in a list of rows.
 *
 * @param active the row that keys start from; -1 for none.
 * @param page rows that are seen at once.
 * @returns `undefined` for a key that is none of the list's.
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/grid/
 */
export function moveByKey(key: string, active: number, count: number, page: number): ListMove | undefined {
  const to = (row: number): ListMove | undefined =>
    count === 0 ? undefined : { type: "to", row: Math.min(Math.max(row, 0), count - 1) };
  switch (key) {
    case "ArrowDown":
      return to(active + 1);
    case "ArrowUp":
      return to(active < 0 ? count - 1 : active - 1);
    case "PageDown":
      return to(active + Math.max(page - 1, 1));
    case "PageUp":
      return to(active - Math.max(page - 1, 1));
    case "Home":
      return to(0);
    case "End":
      return to(count - 1);
    case "Enter":
    case " ":
      return active < 0 ? undefined : { type: "open" };
    default:
      return undefined;
  }
}
