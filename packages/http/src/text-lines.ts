/** One line of a text file. */
export interface TextLine {
  /** The first line is 1. */
  readonly number: number;
  /** One character for each octet, without the end of the line; `undefined` when it is longer than allowed. */
  readonly text: string | undefined;
}

/**
 * Reads a text file line by line, whatever its encoding: each octet is one character. Lines end with LF or CRLF; a byte
 * order mark at the beginning is no part of the first.
 */
export function* textLines(bytes: Uint8Array, maxLineOctets: number): Generator<TextLine, void, undefined> {
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let number = 1; start < bytes.length; number += 1) {
    const newline = bytes.indexOf(0x0a, start);
    const next = newline === -1 ? bytes.length : newline + 1;
    let end = newline === -1 ? bytes.length : newline;
    if (end > start && bytes[end - 1] === 0x0d) end -= 1;
    yield { number, text: end - start > maxLineOctets ? undefined : octetText(bytes.subarray(start, end)) };
    start = next;
  }
}

/** Lines of a file that are read. */
const maxLines = 100_000;

/** What is wrong with a line, or with so many, whatever they say. */
export type LineLimit = "too-long" | "too-many-lines";

/** A line that says nothing that can be kept. */
export interface LineProblem<Reason> {
  /** The first line is 1. */
  readonly line: number;
  readonly reason: Reason;
}

/**
 * Reads a file of which each line says one thing.
 *
 * @param parse what a line says; a word for what is wrong with it, `undefined` when it says nothing.
 */
export function parseLines<Item extends object, Reason extends string>(
  bytes: Uint8Array,
  maxLineOctets: number,
  parse: (text: string) => Item | Reason | undefined,
): { readonly items: readonly Item[]; readonly problems: readonly LineProblem<Reason | LineLimit>[] } {
  const items: Item[] = [];
  const problems: LineProblem<Reason | LineLimit>[] = [];
  for (const { number: line, text } of textLines(bytes, maxLineOctets)) {
    if (line > maxLines) {
      problems.push({ line, reason: "too-many-lines" });
      break;
    }
    const parsed = text === undefined ? "too-long" : parse(text);
    if (typeof parsed === "string") problems.push({ line, reason: parsed });
    else if (parsed !== undefined) items.push(parsed);
  }
  return { items, problems };
}

/** Writes text of octets, one for each character, which is at most U+00FF. */
export function textOctets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function octetText(line: Uint8Array): string {
  let text = "";
  for (const octet of line) text += String.fromCharCode(octet);
  return text;
}
