import { isShownDecoded } from "./shown-decoded.ts";

/**
 * Decodes the percent-encoded UTF-8 of a path, a query or a fragment where that is safe: letters, digits and signs that
 * one sees and takes for nothing else. All else stays encoded.
 *
 * @param encoded as the URL parser gives it: printable ASCII.
 * @returns the text, and the characters that could have been decoded and were not, as they are encoded, each once.
 */
export function decodeForDisplay(encoded: string): { readonly text: string; readonly kept: readonly string[] } {
  if (!encoded.includes("%")) return { text: encoded, kept: [] };
  const kept = new Set<string>();
  const text = encoded.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run, offset: number) => {
    const follows = offset > 0 && /[\p{L}\p{N}]/u.test(encoded.charAt(offset - 1));
    return decodeRun(run, follows, kept);
  });
  return { text, kept: [...kept].slice(0, 16) };
}

/** @param follows whether a letter stands before the run, so that a combining mark has something to stand on. */
function decodeRun(run: string, follows: boolean, kept: Set<string>): string {
  let text = "";
  let carries = follows;
  for (let index = 0; index < run.length; ) {
    const { length, character } = sequence(run, index);
    if (character !== undefined && isShownDecoded(character, carries)) {
      text += character;
      carries = true;
    } else {
      const same = run.slice(index, index + length);
      text += same;
      carries = false;
      if (character !== undefined && character > "\u007f") kept.add(same.toUpperCase());
    }
    index += length;
  }
  return text;
}

/** One sequence of UTF-8 in a run of `%XX`; a byte that begins none stands for itself, `character` being `undefined`. */
function sequence(run: string, start: number): { readonly length: number; readonly character: string | undefined } {
  const first = byteAt(run, start);
  if (first < 0x80) return { length: 3, character: String.fromCharCode(first) };
  const bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || start + bytes * 3 > run.length) return { length: 3, character: undefined };
  let code = first & (0xff >> (bytes + 1));
  for (let index = 1; index < bytes; index++) {
    const next = byteAt(run, start + index * 3);
    if ((next & 0xc0) !== 0x80) return { length: 3, character: undefined };
    code = (code << 6) | (next & 0x3f);
  }
  const least = bytes === 4 ? 0x10000 : bytes === 3 ? 0x800 : 0x80;
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return { length: 3, character: undefined };
  return { length: bytes * 3, character: String.fromCodePoint(code) };
}

function byteAt(run: string, index: number): number {
  return Number.parseInt(run.slice(index + 1, index + 3), 16);
}
