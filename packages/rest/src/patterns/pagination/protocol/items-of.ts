import { valueAt } from "../../protocol/document-path.ts";

/** What services call the list of a page. */
const USUAL_NAMES = ["items", "data", "results", "value", "records", "entries"];

/**
 * The items of a page: at a path, or where nobody says one the document itself, or else its list that has a usual name.
 *
 * @returns `undefined` where there is no list.
 */
export function itemsOf(document: unknown, path: string | undefined): readonly unknown[] | undefined {
  if (path !== undefined) return listAt(document, path);
  for (const name of ["", ...USUAL_NAMES]) {
    const items = listAt(document, name);
    if (items !== undefined) return items;
  }
  return undefined;
}

function listAt(document: unknown, path: string): readonly unknown[] | undefined {
  const value = valueAt(document, path);
  return Array.isArray(value) ? value : undefined;
}
