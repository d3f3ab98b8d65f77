import type { Paint } from "./style.ts";
import { shorten } from "./width.ts";

/** One column. */
export interface Column {
  readonly heading: string;
  readonly align?: "right";
  /** This column gives way when the table is too wide; at most one. */
  readonly shrinks?: true;
}

/** What a cell may hold: safe to print, without colours. */
export type Row = readonly string[];

const GAP = "  ";

/** Lays out a table: one line of headings, one line a row. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly Row[],
  { width, paint, indent = "" }: { readonly width: number; readonly paint: Paint; readonly indent?: string },
): string[] {
  const widths = columns.map(({ heading }, index) =>
    Math.max(heading.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const total = indent.length + widths.reduce((sum, one) => sum + one, 0) + GAP.length * (columns.length - 1);
  const shrinking = columns.findIndex(({ shrinks }) => shrinks === true);
  if (shrinking !== -1 && total > width) {
    const room = (widths[shrinking] ?? 0) - (total - width);
    widths[shrinking] = Math.max(columns[shrinking]?.heading.length ?? 0, 8, room);
  }

  const layOut = (row: Row): string =>
    columns
      .map(({ align }, index) => {
        const wide = widths[index] ?? 0;
        const text = shorten(row[index] ?? "", wide);
        return align === "right" ? text.padStart(wide) : text.padEnd(wide);
      })
      .join(GAP)
      .trimEnd();
  const headings = layOut(columns.map(({ heading }) => heading));
  return [indent + paint("label", headings), ...rows.map((row) => indent + layOut(row))];
}
