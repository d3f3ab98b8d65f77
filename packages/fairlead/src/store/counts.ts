import { printable } from "../terminal/printable.ts";
import { formatTable } from "../terminal/table.ts";
import { count, type layoutOf } from "./page.ts";

/** Records by collection. */
export type Counts = Readonly<Record<string, number | undefined>>;

/** Lays out how many records of each collection something was done with: a table, and one line below. */
export function countsPage(done: string, counts: Counts, where: string, layout: ReturnType<typeof layoutOf>): string[] {
  const { records, collections } = describeCounts(counts);
  const table = formatTable(
    [{ heading: "COLLECTION" }, { heading: "RECORDS", align: "right" }],
    collections.map((one) => [printable(one.name), one.records.toString()]),
    layout,
  );
  return [...(records === 0 ? [] : [...table, ""]), `${done} ${count(records)} ${where}.`];
}

/** The same for programs. */
export function describeCounts(counts: Counts): {
  readonly records: number;
  readonly collections: readonly { readonly name: string; readonly records: number }[];
} {
  const collections = Object.entries(counts)
    .map(([name, records = 0]) => ({ name, records }))
    .filter(({ records }) => records > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { records: collections.reduce((sum, { records }) => sum + records, 0), collections };
}

/** The sums of both. */
export function addCounts(one: Counts, other: Counts): Counts {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(Array.from(names, (name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}
