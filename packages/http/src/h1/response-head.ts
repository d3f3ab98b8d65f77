import { lowerCaseName } from "./field-names.ts";
import { trimmed } from "./whitespace.ts";

/** Fields by lower-case name; repeated ones as a list. */
export type ResponseFields = Record<string, string | string[]>;

/** The head of a response, interim or final. */
export interface ResponseHead {
  /** Of HTTP/1: 0 or 1, since a higher one is understood as 1 (RFC 9110 section 2.5). */
  readonly minorVersion: 0 | 1;
  /** From 100 to 999. */
  readonly status: number;
  /** Empty when there is none. */
  readonly reason: string;
  readonly fields: ResponseFields;
  /** The field lines as they came, for {@link listFields}. */
  readonly fieldLines: string;
}

/**
 * Reads a head that matches the grammar.
 *
 * @param length of the head, its empty line included; more may follow in `text`.
 * @returns `undefined` when it has more fields than the limit.
 */
export function readResponseHead(text: string, length: number, fieldsLimit: number): ResponseHead | undefined {
  const start = text.startsWith("\r\n") ? 2 : 0;
  const lineEnd = text.indexOf("\r\n", start);
  const fields = readFields(text, lineEnd + 2, length, fieldsLimit);
  if (fields === undefined) return undefined;
  return {
    minorVersion: text.charCodeAt(start + 7) === DIGIT_ZERO ? 0 : 1,
    status: Number(text.slice(start + 9, start + 12)),
    reason: text.slice(start + 13, lineEnd),
    fields,
    fieldLines: text.slice(lineEnd + 2, length),
  };
}

/** Reads field lines that match the grammar, from `at` to the empty line that ends at `length`. */
export function readFields(text: string, at: number, length: number, fieldsLimit: number): ResponseFields | undefined {
  const fields: ResponseFields = {};
  let count = 0;
  for (let start = at; start < length - 2; ) {
    count += 1;
    if (count > fieldsLimit) return undefined;
    const colon = text.indexOf(":", start);
    const end = text.indexOf("\r\n", colon);
    const name = lowerCaseName(text.slice(start, colon));
    const value = trimmed(text, colon + 1, end);
    const earlier = fields[name];
    if (earlier === undefined) fields[name] = value;
    else if (typeof earlier === "string") fields[name] = [earlier, value];
    else if (Array.isArray(earlier)) earlier.push(value);
    // What every object inherits: `constructor`, and `__proto__`, to which nothing can be assigned.
    else Object.defineProperty(fields, name, { value, configurable: true, enumerable: true, writable: true });
    start = end + 2;
  }
  return fields;
}

/** Lists field lines as names, spelled as they came, and values in turn. */
export function listFields(fieldLines: string): string[] {
  const list: string[] = [];
  for (let start = 0; start < fieldLines.length - 2; ) {
    const colon = fieldLines.indexOf(":", start);
    const end = fieldLines.indexOf("\r\n", colon);
    list.push(fieldLines.slice(start, colon), trimmed(fieldLines, colon + 1, end));
    start = end + 2;
  }
  return list;
}

const DIGIT_ZERO = 0x30;
