/** What has an id that counts up. */
export interface Numbered {
  readonly id: number;
}

/** Where the thing of this id is in a list by ids, or would be: by halving. */
export function indexOfId(list: readonly Numbered[], id: number): number {
  let from = 0;
  let to = list.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const at = list[middle];
    if (at !== undefined && at.id < id) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Puts news into a list by ids: in the place of what has the id, or where it belongs. The list stays as it was. */
export function mergeById<T extends Numbered>(list: readonly T[], news: readonly T[]): readonly T[] {
  if (news.length === 0) return list;
  const merged = [...list];
  for (const each of news) {
    const index = indexOfId(merged, each.id);
    merged.splice(index, merged[index]?.id === each.id ? 1 : 0, each);
  }
  return merged;
}

/** The thing of this id. */
export function findById<T extends Numbered>(list: readonly T[], id: number): T | undefined {
  const found = list[indexOfId(list, id)];
  return found?.id === id ? found : undefined;
}

/** The list without the thing of this id. */
export function withoutId<T extends Numbered>(list: readonly T[], id: number): readonly T[] {
  return findById(list, id) === undefined ? list : list.filter((each) => each.id !== id);
}
