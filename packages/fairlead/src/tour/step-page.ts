import { printable } from "../terminal/printable.ts";
import { formatMilliseconds } from "../terminal/quantities.ts";
import type { Paint } from "../terminal/style.ts";
import { formatTable, type Column, type Row } from "../terminal/table.ts";
import { wrap } from "../terminal/width.ts";
import type { ChildOutcome, PrintedHop } from "./child-request.ts";
import type { Check, TourStep } from "./steps.ts";

/** How the tour is laid out. */
export interface PageStyle {
  readonly width: number;
  readonly paint: Paint;
}

const INDENT = "   ";

/** What is printed before a step is made. */
export function formatIntroduction(
  { title, explanation, file }: TourStep,
  number: number,
  url: string,
  { width, paint }: PageStyle,
): string[] {
  return [
    "",
    paint("heading", `${number}  ${title}`),
    ...wrap(explanation, width, INDENT),
    "",
    `${INDENT}$ fairlead get ${file === undefined ? "" : `-o ${file} `}${paint("name", printable(url))}`,
    "",
  ];
}

const columns: readonly Column[] = [
  { heading: "HOP", align: "right" },
  { heading: "STATUS" },
  { heading: "BY" },
  { heading: "URL", shrinks: true },
  { heading: "TLS MS", align: "right" },
  { heading: "ALL MS", align: "right" },
];

/** Of more hops than this, those in the middle are only counted. */
const HOPS_SHOWN = 6;

/** What is printed when a step is done: its hops, what `get` complained of, and what was checked. */
export function formatOutcome(
  { hops, complaint }: ChildOutcome,
  checks: readonly Check[],
  { width, paint }: PageStyle,
): string[] {
  return [
    ...formatTable(columns, rowsOf(hops), { width, paint, indent: INDENT }),
    ...(complaint === "" ? [] : ["", ...wrap(printable(complaint), width, INDENT).map((line) => paint("aside", line))]),
    "",
    ...checks.flatMap((check) => formatCheck(check, { width, paint })),
  ];
}

function rowsOf(hops: readonly PrintedHop[]): Row[] {
  const rows = hops.map(rowOf);
  if (rows.length <= HOPS_SHOWN) return rows;
  const left = rows.length - HOPS_SHOWN + 1;
  return [...rows.slice(0, 3), ["…", "", "", `${left} more`], ...rows.slice(3 + left)];
}

function rowOf({ status, url, connection, timing, reused }: PrintedHop, index: number): Row {
  const by = status === undefined ? "" : connection === undefined ? "memory" : "server";
  const handshake = reused || connection?.tls === undefined ? "" : connection.tls.resumed ? "resumed" : "full";
  const secure = timing.secure === undefined ? "" : formatMilliseconds(timing.secure).padStart(5);
  return [
    (index + 1).toString(),
    status?.toString() ?? "-",
    by,
    printable(url),
    handshake + secure,
    timing.total === undefined ? "" : formatMilliseconds(timing.total),
  ];
}

function formatCheck({ claim, holds }: Check, { width, paint }: PageStyle): string[] {
  const [first = "", ...rest] = wrap(claim, width, `${INDENT}  `);
  const mark = holds ? paint("good", "✓") : paint("bad", "✗");
  const verdict = holds ? [] : [`${INDENT}  ${paint("bad", "This is not so.")}`];
  return [`${INDENT}${mark} ${first.trimStart()}`, ...rest, ...verdict];
}
