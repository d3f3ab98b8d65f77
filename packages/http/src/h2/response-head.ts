import type { ResponseFields } from "../h1/response-head.ts";
import { findFieldProblem, readContentLength, type FlatFields, type Malformed } from "./field-rules.ts";

/** The head of a response. */
export interface ResponseHead {
  readonly status: number;
  /** Without the pseudo-field. */
  readonly fields: FlatFields;
  /** What Content-Length says; `undefined` where there is none. */
  readonly contentLength: number | undefined;
}

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
    const problem = findFieldProblem(name, value);
    if (problem !== undefined) return { malformed: problem };
    if (name !== "content-length") continue;
    const length = readContentLength(value);
    if (length === undefined || (contentLength !== undefined && contentLength !== length)) {
      return { malformed: "an impossible Content-Length" };
    }
    contentLength = length;
  }
  return { status: Number(digits), fields: fields.slice(2), contentLength };
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
