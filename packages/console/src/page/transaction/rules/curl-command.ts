import type { ShownField } from "../../../protocol/index.ts";

/** A request, as far as it can be made again. */
export interface CurlRequest {
  readonly method: string;
  readonly url: string;
  readonly fields: readonly ShownField[];
  /** `undefined` for none; text that holds controls a terminal would act on is left out, as is all that is no text. */
  readonly body: string | undefined;
}

/** Fields that curl writes itself, or that belong to one connection. */
const OWN_FIELDS = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "transfer-encoding",
  "upgrade",
]);

/** Fields whose values let somebody in. They come as `REDACTED`, and are left out by their names all the same. */
const SECRET_FIELDS = new Set(["authorization", "cookie", "proxy-authorization"]);

/**
 * A command for a POSIX shell that has curl make a request again. Secrets are left out. What a peer chose cannot leave its
 * quotes, name a file, or make a terminal act when it is pasted.
 *
 * @returns `undefined` where the URL is shown without a secret that it had: it would be another request.
 */
export function curlCommand({ method, url, fields, body }: CurlRequest): string | undefined {
  if (url.includes("REDACTED")) return undefined;
  const words = ["curl --globoff", `--url ${quote(url)}`];
  const text = body !== undefined && !hasControls(body.replace(/[\n\t]/g, "")) ? body : undefined;
  if (method === "HEAD") words.push("--head");
  else if (method !== (text === undefined ? "GET" : "POST")) words.push(`--request ${quote(method)}`);
  if (fields.some(([name]) => name.toLowerCase() === "accept-encoding")) words.push("--compressed");
  for (const [name, value] of fields) {
    const known = name.toLowerCase();
    if (OWN_FIELDS.has(known) || SECRET_FIELDS.has(known) || value.includes("REDACTED")) continue;
    if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(name) || hasControls(value)) continue;
    // An empty value would take the field away; curl's way to send it is a semicolon.
    words.push(`--header ${quote(value.trim() === "" ? `${name};` : `${name}: ${value}`)}`);
  }
  if (text !== undefined) words.push(`--data-raw ${quote(text)}`);
  return words.join(" \\\n  ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function hasControls(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
