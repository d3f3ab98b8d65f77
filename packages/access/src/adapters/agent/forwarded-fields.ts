import type { ResponseFields } from "../../dispatch.ts";
import type { Target } from "../../target.ts";

/** Fields that are of one connection, and of no other. RFC 9110 section 7.6.1. */
const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** The names that a message's `Connection` field binds to its connection. */
function boundNames(value: string): ReadonlySet<string> {
  const names = value.toLowerCase().split(",");
  return new Set(names.map((name) => name.trim()).filter((name) => name !== "close" && name !== "keep-alive"));
}

/**
 * The fields of a request as a library wrote them, names and values in turn, without those of its connection. A `Host`
 * that says no more than the URL is left out, too; one of the library's own stays.
 */
export function forwardedRequestFields(rawFields: readonly string[], target: Target): string[] {
  let bound: ReadonlySet<string> | undefined;
  for (let index = 0; index < rawFields.length; index += 2) {
    if (rawFields[index]?.toLowerCase() === "connection") bound = boundNames(rawFields[index + 1] ?? "");
  }
  const fields: string[] = [];
  for (let index = 0; index < rawFields.length; index += 2) {
    const [name = "", value = ""] = [rawFields[index], rawFields[index + 1]];
    const lowerCase = name.toLowerCase();
    // What a library expects before it sends its body, it was told by the stream already.
    if (lowerCase === "expect" || CONNECTION_FIELDS.has(lowerCase) || bound?.has(lowerCase) === true) continue;
    if (lowerCase === "host" && isAuthority(value, target)) continue;
    fields.push(name, value);
  }
  return fields;
}

/** `node:http` writes a port that goes without saying, too. */
function isAuthority(value: string, { authority, urlHost, port }: Target): boolean {
  const lowerCase = value.toLowerCase();
  return lowerCase === authority || lowerCase === `${urlHost}:${String(port)}`;
}

/** The fields of a response, names and values in turn, without those of the server's connection. */
export function forwardedResponseFields(fields: ResponseFields): string[] {
  const connection = fields["connection"];
  const bound = connection === undefined ? undefined : boundNames([connection].flat().join(","));
  const flat: string[] = [];
  for (const name of Object.keys(fields)) {
    if (CONNECTION_FIELDS.has(name) || bound?.has(name) === true) continue;
    const value: string | readonly string[] | undefined = fields[name];
    if (value === undefined) continue;
    // A lone field comes as text, whatever the type says.
    if (typeof value === "string") flat.push(name, value);
    else for (const one of value) flat.push(name, one);
  }
  return flat;
}
