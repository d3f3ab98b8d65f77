import { parseBareItem, type BareItem } from "./bare-item.ts";
import { Input, OPTIONAL_WHITESPACE } from "./input.ts";
import { KEY, skipParameters } from "./parameters.ts";

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

const TRUE: BareItem = { type: "boolean", value: true };
const FAULT = Symbol("not a structured field");

function parseMember(input: Input): BareItem | undefined | typeof FAULT {
  if (input.take(/\(/y) === undefined) return parseBareItem(input) ?? FAULT;
  for (;;) {
    input.take(/ */y);
    if (input.take(/\)/y) !== undefined) return undefined;
    if (parseBareItem(input) === undefined || !skipParameters(input)) return FAULT;
    if (input.take(/(?=[ )])/y) === undefined) return FAULT;
  }
}
