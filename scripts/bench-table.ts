import type { BenchResult } from "../bench/result.ts";

const begin = "<!-- results: written by npm run bench -->";
const end = "<!-- end of results -->";

/** The claims of all results as a Markdown table, one line for each. */
export function benchTable(results: readonly BenchResult[]): string {
  const rows = results.flatMap(({ name, claims }) =>
    claims.map(
      ({ what, value, unit, limit, bound = "at most", holds }) =>
        `| [${name}](${name}.ts) | ${what} | ${value} ${unit} | ` +
        (limit === undefined ? "| |" : `${bound} ${limit} | ${holds ? "yes" : "**no**"} |`),
    ),
  );
  return ["| benchmark | what | measured | to reach | holds |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

/**
 * Puts a table between the markers of a Markdown text.
 *
 * @throws Error when the text has no markers.
 */
export function replaceTable(markdown: string, table: string): string {
  const from = markdown.indexOf(begin);
  const to = markdown.indexOf(end);
  if (from === -1 || to < from) throw new Error("bench/README.md has lost its markers");
  return `${markdown.slice(0, from + begin.length)}\n\n${table}\n\n${markdown.slice(to)}`;
}
