import type { Output } from "../command.ts";
import { printableJson } from "../terminal/printable.ts";
import { formatMoment } from "../terminal/quantities.ts";
import { paintFor } from "../terminal/style.ts";
import type { formatTable } from "../terminal/table.ts";
import { widthOf } from "../terminal/width.ts";

/** Prints lines. */
export function printLines(stdout: Output, lines: readonly string[]): void {
  stdout.write(lines.map((line) => `${line}\n`).join(""));
}

/** Prints what a program reads. */
export function printObject(stdout: Output, value: unknown): void {
  stdout.write(`${printableJson(value)}\n`);
}

/** How tables are laid out on an output. */
export function layoutOf(stdout: Output): Parameters<typeof formatTable>[2] {
  return { width: widthOf(stdout), paint: paintFor(stdout) };
}

/** Formats a number of things: `1 record`, `2 records`. */
export function count(number: number, one = "record", many = `${one}s`): string {
  return `${number.toString()} ${number === 1 ? one : many}`;
}

/** When a record expires, for people. */
export function formatExpiry(expiresAt: number | undefined): string {
  return expiresAt === undefined ? "never" : formatMoment(expiresAt);
}

/** A moment for programs; `null` for none, and for what no date can hold. */
export function isoMoment(milliseconds: number | undefined): string | null {
  if (milliseconds === undefined) return null;
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
