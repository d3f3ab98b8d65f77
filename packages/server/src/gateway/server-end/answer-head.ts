import type { FlatFields } from "../../exchange/index.ts";
import { fact, frameFault } from "../protocol/index.ts";

/** Fields of a connection, of which a worker has none. RFC 9110 section 7.6.1. */
const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

/** The status of an answer's head. */
export function readStatus(pairs: FlatFields): number {
  const status = fact(pairs, ":status");
  if (status === undefined || !/^[1-5][0-9][0-9]$/.test(status)) throw frameFault("a response without a status");
  return Number(status);
}

/** Fields without those that frame them, which programs that were made for a web server of their own like to add. */
export function endToEnd(fields: FlatFields): FlatFields {
  for (let index = 0; index < fields.length; index += 2) {
    if (CONNECTION_FIELDS.has(fields[index] ?? "")) {
      return fields.filter((_, at) => !CONNECTION_FIELDS.has(fields[at - (at % 2)] ?? ""));
    }
  }
  return fields;
}

/** What `content-length` says; `undefined` where it says nothing that can be understood. */
export function contentLength(fields: FlatFields): number | undefined {
  for (let index = 0; index < fields.length; index += 2) {
    const value = fields[index + 1] ?? "";
    if (fields[index] === "content-length" && /^[0-9]{1,15}$/.test(value)) return Number(value);
  }
  return undefined;
}
