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
/** Controls; and white space at either end, which is no part of a value. RFC 9113 section 8.2.1, RFC 9110 section 5.5. */
// eslint-disable-next-line no-control-regex -- controls are what it looks for
const BAD_VALUE = /[\u0000-\u0008\u000a-\u001f\u007f]|^[ \t]|[ \t]$/;

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

function findProblem(name: string, value: string): string | undefined {
  if (name.startsWith(":")) return "a pseudo-field where none may be";
  if (!TOKEN.test(name)) return /[A-Z]/.test(name) ? "a name in upper case" : "a name that is none";
  if (BAD_VALUE.test(value)) return "a value with characters that it must not have";
  if (CONNECTION_SPECIFIC.has(name)) return "a field that speaks of the connection";
  return undefined;
}

/** RFC 9110 section 8.6: a list of the same number is that number. */
function readLength(value: string): number | undefined {
  const [first = "", ...others] = value.split(",").map((part) => part.trim());
  if (!/^\d{1,15}$/.test(first) || others.some((other) => other !== first)) return undefined;
  return Number(first);
}
