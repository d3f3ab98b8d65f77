/** How a list of equal rows is looked at; lengths in pixels. */
export interface ListLook {
  readonly count: number;
  readonly rowHeight: number;
  readonly scrollTop: number;
  readonly viewHeight: number;
}

/** The rows that are drawn: from `first` to before `end`. */
export interface VisibleRows {
  readonly first: number;
  readonly end: number;
}

/** Rows beyond the edge on either side, so that a short way is scrolled without a script. */
const BEYOND = 6;

/** Which rows to draw: those that are seen, and some beyond. However many there are, it is a screenful. */
export function visibleRows({ count, rowHeight, scrollTop, viewHeight }: ListLook): VisibleRows {
  const rows = Math.max(count, 0);
  const top = Math.floor(Math.max(scrollTop, 0) / rowHeight);
  const screenful = Math.ceil(viewHeight / rowHeight) + 1;
  const first = Math.max(Math.min(top, rows - screenful) - BEYOND, 0);
  return { first, end: Math.min(Math.max(top, 0) + screenful + BEYOND, rows) };
}

/** Where to scroll so that a row is wholly seen: as little as can be, not at all where it is. */
export function scrollTopFor(row: number, { count, rowHeight, scrollTop, viewHeight }: ListLook): number {
  const bounded = Math.min(Math.max(row, 0), Math.max(count - 1, 0));
  const least = (bounded + 1) * rowHeight - viewHeight;
  const most = bounded * rowHeight;
  return Math.max(Math.min(Math.max(scrollTop, least), most), 0);
}

/** Whether the last row is seen, but for a sliver. */
export function isAtEnd({ count, rowHeight, scrollTop, viewHeight }: ListLook): boolean {
  return scrollTop + viewHeight >= count * rowHeight - rowHeight / 2;
}
