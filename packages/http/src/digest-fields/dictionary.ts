/** An item without its parameters, RFC 9651 section 3.3. A token, a date and a display string are told apart from text. */
export type BareItem =
  | { readonly type: "integer" | "decimal" | "date"; readonly value: number }
  | { readonly type: "string" | "token" | "display-string"; readonly value: string }
  | { readonly type: "byte-sequence"; readonly value: Uint8Array }
  | { readonly type: "boolean"; readonly value: boolean };

/** Members by key; an inner list is `undefined`, since no field that is read here has one. Parameters are left out. */
export type Dictionary = ReadonlyMap<string, BareItem | undefined>;

/**
 * Parses the value of a field that is a dictionary; `undefined` for what is none, which is to be ignored as a whole.
 *
 * @param value the lines of the field, joined by commas.
 * @see RFC 9651 section 4.2
 */
export function parseDictionary(value: string): Dictionary | undefined {
  const input = new Input(value);
  const members = new Map<string, BareItem | undefined>();
  input.take(/ */y);
  while (!input.hasEnded()) {
    const key = input.take(KEY);
    if (key === undefined) return undefined;
    const member = input.take(/=/y) === undefined ? TRUE : parseMember(input);
    if (member === FAULT || !skipParameters(input)) return undefined;
    // A later member of the same name stands in the place of the one before.
    members.set(key, member);
    input.take(OPTIONAL_WHITESPACE);
    if (input.hasEnded()) return members;
    if (input.take(/,/y) === undefined) return undefined;
    input.take(OPTIONAL_WHITESPACE);
    if (input.hasEnded()) return undefined;
  }
  return members;
}

const KEY = /[a-z*][a-z0-9_\-.*]*/y;
const OPTIONAL_WHITESPACE = /[ \t]*/y;
const TRUE: BareItem = { type: "boolean", value: true };
const FAULT = Symbol("not a structured field");

/** What is still to be read. */
class Input {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  hasEnded(): boolean {
    return this.#at >= this.#text.length;
  }

  /** What a sticky expression matches here; `undefined` when it does not. */
  take(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at;
    const [found] = expression.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

function parseMember(input: Input): BareItem | undefined | typeof FAULT {
  if (input.take(/\(/y) === undefined) return parseBareItem(input) ?? FAULT;
  for (;;) {
    input.take(/ */y);
    if (input.take(/\)/y) !== undefined) return undefined;
    if (parseBareItem(input) === undefined || !skipParameters(input)) return FAULT;
    if (input.take(/(?=[ )])/y) === undefined) return FAULT;
  }
}

function skipParameters(input: Input): boolean {
  while (input.take(/; */y) !== undefined) {
    if (input.take(KEY) === undefined) return false;
    if (input.take(/=/y) !== undefined && parseBareItem(input) === undefined) return false;
  }
  return true;
}

/** RFC 9651 section 4.2.3.1. */
function parseBareItem(input: Input): BareItem | undefined {
  const decimal = input.take(/-?\d{1,12}\.\d{1,3}(?![\d.])/y);
  if (decimal !== undefined) return { type: "decimal", value: Number(decimal) };
  const integer = input.take(/-?\d{1,15}(?![\d.])/y);
  if (integer !== undefined) return { type: "integer", value: Number(integer) };
  const date = input.take(/@-?\d{1,15}(?![\d.])/y);
  if (date !== undefined) return { type: "date", value: Number(date.slice(1)) };
  const text = input.take(/"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y);
  if (text !== undefined) return { type: "string", value: text.slice(1, -1).replace(/\\(.)/g, "$1") };
  const token = input.take(/[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/y);
  if (token !== undefined) return { type: "token", value: token };
  const encoded = input.take(/:[A-Za-z0-9+/]*={0,2}:/y);
  if (encoded !== undefined) return byteSequence(encoded.slice(1, -1));
  const flag = input.take(/\?[01]/y);
  if (flag !== undefined) return { type: "boolean", value: flag === "?1" };
  const displayed = input.take(/%"(?:[\x20\x21\x23\x24\x26-\x7e]|%[0-9a-f]{2})*"/y);
  return displayed === undefined ? undefined : displayString(displayed.slice(2, -1));
}

function byteSequence(base64: string): BareItem | undefined {
  const bytes = decodeBase64(base64);
  return bytes && { type: "byte-sequence", value: bytes };
}

function displayString(encoded: string): BareItem | undefined {
  try {
    return { type: "display-string", value: decodeURIComponent(encoded) };
  } catch {
    return undefined;
  }
}

/** Decodes base64, padded or not; `undefined` for a length that no bytes have. RFC 9651 section 4.2.7 wants no more. */
function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
