/** One entry of a directory. */
export interface ListingEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

/**
 * A page of what is in a directory. Names are text in it, whatever they hold, and links lead to what is below it.
 *
 * @param names of the directory, from the root.
 * @param isWhole whether these are all entries.
 */
export function listingPage(names: readonly string[], entries: readonly ListingEntry[], isWhole: boolean): string {
  const title = escaped(["", ...names, ""].join("/"));
  const sorted = [...entries].sort(
    (left, right) => Number(right.isDirectory) - Number(left.isDirectory) || (left.name < right.name ? -1 : 1),
  );
  const items = sorted.map(({ name, isDirectory }) => {
    const slash = isDirectory ? "/" : "";
    // With the dot, no name is taken for a scheme.
    return `<li><a href="./${encodeURIComponent(name.toWellFormed())}${slash}">${escaped(name)}${slash}</a></li>`;
  });
  const up = names.length === 0 ? [] : ['<li><a href="../">../</a></li>'];
  const more = isWhole ? [] : ["<p>and more</p>"];
  return [
    "<!doctype html>",
    '<html lang="en">',
    `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>`,
    `<h1>${title}</h1>`,
    "<ul>",
    ...up,
    ...items,
    "</ul>",
    ...more,
    "",
  ].join("\n");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
