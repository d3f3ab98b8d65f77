/** A number that JavaScript may not hold as it was written: of sixteen digits or more, or beyond 1e99. */
const longNumber = /\d(?:[\d.]{15}|[eE][+-]?\d{3})/;

/** What Node has had since version 21, and TypeScript's library does not know yet. */
type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/**
 * Like `JSON.parse`, but that `JSON.stringify` writes every number of the result as it was written: what a person keeps in
 * the file is not changed by reading it.
 *
 * @throws SyntaxError
 * @see https://tc39.es/proposal-json-parse-with-source/
 */
export function parseExactJson(text: string): unknown {
  return longNumber.test(text)
    ? JSON.parse(text, keepLongNumber as Parameters<typeof JSON.parse>[1])
    : JSON.parse(text);
}

const keepLongNumber: SourceReviver = (_key, value, { source }) => {
  if (typeof value !== "number" || source === undefined || !longNumber.test(source)) return value;
  // The cast holds for every version of Node that is supported.
  return (JSON as typeof JSON & { rawJSON(text: string): unknown }).rawJSON(source);
};

/** Whether a JSON text nests arrays and objects deeper than so many levels: `JSON.stringify` overflows its stack then. */
export function isNestedDeeper(text: string, levels: number): boolean {
  let depth = 0;
  let isString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isString) {
      if (code === backslash) index++;
      else if (code === quote) isString = false;
    } else if (code === quote) isString = true;
    else if (code === openBracket || code === openBrace) {
      if (++depth > levels) return true;
    } else if (code === closeBracket || code === closeBrace) depth--;
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
