import type { CoapCode } from "./message.ts";

/** Codes by the names that their RFCs give them; 7252 where no other is named. */
export const coapCodes = {
  Empty: "0.00",
  GET: "0.01",
  POST: "0.02",
  PUT: "0.03",
  DELETE: "0.04",
  /** RFC 8132, as are the next two. */
  FETCH: "0.05",
  PATCH: "0.06",
  iPATCH: "0.07",
  Created: "2.01",
  Deleted: "2.02",
  Valid: "2.03",
  Changed: "2.04",
  Content: "2.05",
  /** RFC 7959: send the next block. */
  Continue: "2.31",
  "Bad Request": "4.00",
  Unauthorized: "4.01",
  "Bad Option": "4.02",
  Forbidden: "4.03",
  "Not Found": "4.04",
  "Method Not Allowed": "4.05",
  "Not Acceptable": "4.06",
  /** RFC 7959. */
  "Request Entity Incomplete": "4.08",
  /** RFC 8132. */
  Conflict: "4.09",
  "Precondition Failed": "4.12",
  "Request Entity Too Large": "4.13",
  "Unsupported Content-Format": "4.15",
  /** RFC 8132. */
  "Unprocessable Entity": "4.22",
  /** RFC 8516. */
  "Too Many Requests": "4.29",
  "Internal Server Error": "5.00",
  "Not Implemented": "5.01",
  "Bad Gateway": "5.02",
  "Service Unavailable": "5.03",
  "Gateway Timeout": "5.04",
  "Proxying Not Supported": "5.05",
  /** RFC 8768. */
  "Hop Limit Reached": "5.08",
} as const satisfies Readonly<Record<string, CoapCode>>;

/** Name of a registered code. */
export type CoapCodeName = keyof typeof coapCodes;

/** Names a code; `undefined` where it is not registered. A receiver then goes by the class. RFC 7252 section 5.9. */
export function nameCoapCode(code: CoapCode): CoapCodeName | undefined {
  return names.get(code);
}

/** What a code is for. `reserved` are the classes 1, 3, 6 and 7. RFC 7252 sections 3 and 12.1. */
export type CoapCodeKind = "empty" | "request" | "success" | "client-error" | "server-error" | "reserved";

/** Tells what a code is for. */
export function kindOfCoapCode(code: CoapCode): CoapCodeKind {
  return code === coapCodes.Empty ? "empty" : (kinds[code.charCodeAt(0) - digitZero] ?? "reserved");
}

/** Writes the byte of a message's header as class and detail. RFC 7252 section 3. */
export function formatCoapCode(byte: number): CoapCode {
  return codes[byte] ?? "0.00";
}

/**
 * Makes the byte of a message's header.
 *
 * @throws RangeError for a class above 7 or a detail above 31.
 */
export function coapCodeByte(code: CoapCode): number {
  const byte = bytes.get(code);
  if (byte === undefined) throw new RangeError(`a code is 0.00 to 7.31, not ${code}`);
  return byte;
}

const codes = Array.from(
  { length: 256 },
  (_, byte): CoapCode => `${byte >> 5}.${(byte & 31).toString().padStart(2, "0") as `${number}`}`,
);
const bytes = new Map(codes.map((code, byte) => [code, byte]));
const kinds: readonly CoapCodeKind[] = ["request", "reserved", "success", "reserved", "client-error", "server-error"];
const digitZero = 48;
// Each value of the table is listed under its own key.
const names = new Map(Object.entries(coapCodes).map(([name, code]) => [code as CoapCode, name as CoapCodeName]));
