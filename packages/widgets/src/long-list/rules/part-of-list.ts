/** What is shown of a list. */
export interface ListPart {
  /** The first that is shown, counted from 0, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** Whether nothing is left out. */
  readonly isWhole: boolean;
  /** `undefined` for the first few. */
  readonly page: number | undefined;
  readonly pages: number;
}

/** Decides what is shown of a list: all of a short one, else its first few, or a page of it. */
export function partOfList(count: number, page: number | undefined): ListPart {
  const pages = Math.max(1, Math.ceil(count / PAGE_SIZE));
  // Nobody presses a button to see one more.
  if (count <= FEW + 2) return { from: 0, to: count, isWhole: true, page, pages };
  if (page === undefined) return { from: 0, to: FEW, isWhole: false, page, pages };
  const shown = Math.min(Math.max(Math.trunc(page), 0), pages - 1);
  const from = shown * PAGE_SIZE;
  return { from, to: Math.min(from + PAGE_SIZE, count), isWhole: false, page: shown, pages };
}

const FEW = 10;
const PAGE_SIZE = 200;
