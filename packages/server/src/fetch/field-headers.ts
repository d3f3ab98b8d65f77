import type { FlatFields } from "../exchange/index.ts";

/** Makes fields the runtime's `Headers`. */
export function fieldHeaders(fields: FlatFields): Headers {
  const headers = new Headers();
  for (let at = 0; at < fields.length; at += 2) headers.append(fields[at] ?? "", fields[at + 1] ?? "");
  return headers;
}

/**
 * What HTTP says about one connection is not the application's to say, and its frameworks say it nevertheless.
 * RFC 9110 section 7.6.1.
 */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

/** Whether a field, by its name in lower case, is the driver's to say. */
export function isOfConnection(name: string): boolean {
  return OF_THE_CONNECTION.has(name);
}

/** Makes the runtime's `Headers` fields of a response: each `Set-Cookie` is one of its own. */
export function responseFields(headers: Headers): FlatFields {
  const fields: string[] = [];
  for (const [name, value] of headers) {
    if (!isOfConnection(name)) fields.push(name, value);
  }
  return fields;
}
