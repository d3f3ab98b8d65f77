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

/** Writes text of octets, one for each character, which is at most U+00FF. */
export function textOctets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function octetText(line: Uint8Array): string {
  let text = "";
  for (const octet of line) text += String.fromCharCode(octet);
  return text;
}
