import { addValue, emptyRecord, type FormRecord } from "../../contract/protocol/form-record.ts";
import { PROTOTYPE_NAME } from "./prototype-name.ts";

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
export function readQuery(text: string): FormRecord<string> | QueryFault {
  const record: FormRecord<string> = emptyRecord();
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

function decode(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  return spaced.includes("%") ? decodeURIComponent(spaced) : spaced;
}
