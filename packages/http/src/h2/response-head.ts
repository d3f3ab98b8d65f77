import { NO_FIELD_VALUE } from "../h1/grammar.ts";
import type { ResponseFields } from "../h1/response-head.ts";

/** Names and values in turn; names are in lower case, characters octets. */
export type FlatFields = readonly string[];

/** The head of a response. */
export interface ResponseHead {
  readonly status: number;
  /** Without the pseudo-field. */
  readonly fields: FlatFields;
  /** What Content-Length says; `undefined` where there is none. */
  readonly contentLength: number | undefined;
}

/** Why a response is none. */
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

const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
/** White space at either end is no part of a value. RFC 9113 section 8.2.1. */
const OUTER_SPACE = /^[ \t]|[ \t]$/;

/**
 * Reads the fields that begin a response, interim or final.
 *
 * @see RFC 9113 sections 8.1.1, 8.2, 8.3.2
 */
export function readResponseHead(fields: FlatFields): ResponseHead | Malformed {
  if (fields[0] !== ":status") {
    return { malformed: fields.includes(":status") ? "its status is not its first field" : "it has no status" };
  }
  const digits = fields[1] ?? "";
  if (!/^[1-5]\d\d$/.test(digits)) return { malformed: "its status is not one" };
  let contentLength: number | undefined;
  for (let index = 2; index < fields.length; index += 2) {
    const name = fields[index] ?? "";
    const value = fields[index + 1] ?? "";
    const problem = findProblem(name, value);
    if (problem !== undefined) return { malformed: problem };
    if (name !== "content-length") continue;
    const length = readLength(value);
    if (length === undefined || (contentLength !== undefined && contentLength !== length)) {
      return { malformed: "an impossible Content-Length" };
    }
    contentLength = length;
  }
  return { status: Number(digits), fields: fields.slice(2), contentLength };
}

/** Tells what is wrong with the fields that end a response; `undefined` when nothing is. RFC 9113 section 8.1. */
export function findTrailerProblem(fields: FlatFields): string | undefined {
  for (let index = 0; index < fields.length; index += 2) {
    const problem = findProblem(fields[index] ?? "", fields[index + 1] ?? "");
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Gathers fields by their names; repeated ones become a list. */
export function gatherFields(flat: FlatFields): ResponseFields {
  const fields: ResponseFields = {};
  for (let index = 0; index < flat.length; index += 2) {
    const name = flat[index] ?? "";
    const value = flat[index + 1] ?? "";
    const earlier = fields[name];
    if (earlier === undefined) fields[name] = value;
    else if (typeof earlier === "string") fields[name] = [earlier, value];
    else if (Array.isArray(earlier)) earlier.push(value);
    // What every object inherits: `constructor`, and `__proto__`, to which nothing can be assigned.
    else Object.defineProperty(fields, name, { value, configurable: true, enumerable: true, writable: true });
  }
  return fields;
}

function findProblem(name: string, value: string): string | undefined {
  if (name.startsWith(":")) return "a pseudo-field where none may be";
  if (!TOKEN.test(name)) return /[A-Z]/.test(name) ? "a name in upper case" : "a name that is none";
  if (NO_FIELD_VALUE.test(value)) return "a value with characters that it must not have";
  if (OUTER_SPACE.test(value)) return "a value with white space around it";
  if (CONNECTION_SPECIFIC.has(name)) return "a field that speaks of the connection";
  return undefined;
}

/** RFC 9110 section 8.6: a list of the same number is that number. */
function readLength(value: string): number | undefined {
  const [first = "", ...others] = value.split(",").map((part) => part.trim());
  if (!/^\d{1,15}$/.test(first) || others.some((other) => other !== first)) return undefined;
  return Number(first);
}
