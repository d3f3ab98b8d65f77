import { PROTOTYPE_NAME } from "./prototype-name.ts";

/** Names and values of a query, decoded; a name that is there several times has a list. It inherits nothing. */
export type QueryRecord = Record<string, string | readonly string[]>;

/** Why a query cannot be read. */
export type QueryFault = "malformed" | "too-many" | "name-refused";

/** Names and values that a query may have: more of them are meant to keep somebody busy. */
export const QUERY_LIMIT = 1_000;

/**
 * Reads a query as forms write it, strictly: what is no percent-encoding, or no UTF-8, is refused.
 *
 * @param text without its question mark.
 * @see WHATWG URL section 5.1
 */
export function readQuery(text: string): QueryRecord | QueryFault {
  const record = emptyRecord();
  const pairs = text.split("&", QUERY_LIMIT + 1);
  if (pairs.length > QUERY_LIMIT) return "too-many";
  try {
    for (const pair of pairs) {
      if (pair === "") continue;
      const equals = pair.indexOf("=");
      const name = decode(equals === -1 ? pair : pair.slice(0, equals));
      if (name === PROTOTYPE_NAME) return "name-refused";
      addValue(record, name, equals === -1 ? "" : decode(pair.slice(equals + 1)));
    }
  } catch {
    return "malformed";
  }
  return record;
}

/** A record that inherits nothing, so that no name means anything but itself. */
export function emptyRecord<Value = string | readonly string[]>(): Record<string, Value> {
  // Its type has no prototype to tell of.
  return Object.create(null) as Record<string, Value>;
}

/** Adds a value, which is no list; a name that is there already gets one. */
export function addValue<Value>(record: Record<string, Value | readonly Value[]>, name: string, value: Value): void {
  const present = record[name];
  if (present === undefined) record[name] = value;
  // Values are no lists, and lists are made here.
  else if (Array.isArray(present)) (present as Value[]).push(value);
  else record[name] = [present as Value, value];
}

function decode(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  return spaced.includes("%") ? decodeURIComponent(spaced) : spaced;
}
