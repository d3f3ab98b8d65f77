import { NO_FIELD_VALUE } from "../h1/grammar.ts";

/** Names and values in turn; names are in lower case, characters octets. */
export type FlatFields = readonly string[];

/** Why a message is none. */
export interface Malformed {
  readonly malformed: string;
}

/** RFC 9113 section 8.2.2. */
const CONNECTION_SPECIFIC: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

/** A name as HTTP/2 writes it. RFC 9113 section 8.2. */
export const LOWER_CASE_TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
/** White space at either end is no part of a value. RFC 9113 section 8.2.1. */
const OUTER_SPACE = /^[ \t]|[ \t]$/;

/** Tells what is wrong with a field that is no pseudo-field; `undefined` when nothing is. RFC 9113 section 8.2. */
export function findFieldProblem(name: string, value: string): string | undefined {
  if (name.startsWith(":")) return "a pseudo-field where none may be";
  if (!LOWER_CASE_TOKEN.test(name)) return /[A-Z]/.test(name) ? "a name in upper case" : "a name that is none";
  if (NO_FIELD_VALUE.test(value)) return "a value with characters that it must not have";
  if (OUTER_SPACE.test(value)) return "a value with white space around it";
  if (CONNECTION_SPECIFIC.has(name)) return "a field that speaks of the connection";
  return undefined;
}

/** Tells what is wrong with the fields that end a message; `undefined` when nothing is. RFC 9113 section 8.1. */
export function findTrailerProblem(fields: FlatFields): string | undefined {
  for (let index = 0; index < fields.length; index += 2) {
    const problem = findFieldProblem(fields[index] ?? "", fields[index + 1] ?? "");
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** What Content-Length says; `undefined` when it says nothing. RFC 9110 section 8.6: a list of the same number is that number. */
export function readContentLength(value: string): number | undefined {
  const [first = "", ...others] = value.split(",").map((part) => part.trim());
  if (!/^\d{1,15}$/.test(first) || others.some((other) => other !== first)) return undefined;
  return Number(first);
}
