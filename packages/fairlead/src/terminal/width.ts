import { stripVTControlCharacters } from "node:util";
import type { Output } from "../command.ts";

/** Lines are no longer than this even where there is room. */
const WIDEST = 100;
const DEFAULT = 80;
const NARROWEST = 40;

/** Columns to lay text out in. */
export function widthOf(output: Output): number {
  return Math.max(NARROWEST, Math.min(WIDEST, output.columns ?? DEFAULT));
}

/** Breaks prose into lines, each behind an indent. A word that is longer than a line stays whole; colours have no width. */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  const wide = (part: string): number => stripVTControlCharacters(part).length;
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    if (line !== "" && indent.length + wide(line) + 1 + wide(word) > width) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return line === "" ? lines : [...lines, indent + line];
}

/** Shortens a text in its middle, where it says least. */
export function shorten(text: string, width: number): string {
  if (text.length <= width) return text;
  const tail = Math.floor((width - 1) / 2);
  return `${text.slice(0, Math.max(0, width - 1 - tail))}…${tail > 0 ? text.slice(-tail) : ""}`;
}
