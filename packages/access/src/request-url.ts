import { UsageError } from "@fairlead/core";

/**
 * Parses what is to be requested.
 *
 * @throws UsageError URL_INVALID, URL_SCHEME_UNKNOWN, or URL_USER_INFORMATION: credentials in a URL end up in logs.
 */
export function parseRequestUrl(input: string | URL): URL {
  const url = typeof input === "string" ? URL.parse(input) : input;
  if (url === null) throw new UsageError("URL_INVALID", { operation: "request", detail: quoteInput(String(input)) });
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new UsageError("URL_SCHEME_UNKNOWN", { operation: "request", detail: url.protocol.slice(0, -1) });
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError("URL_USER_INFORMATION", { operation: "request", peer: url.host });
  }
  return url;
}

/**
 * What could not be parsed, in a form that a terminal and a log can bear. Nobody knows where its parts end, so all that
 * can be user information or a query goes: a password with a slash is what made many a URL one that cannot be parsed.
 */
function quoteInput(input: string): string {
  const text = input.replace(/^([a-z][a-z\d+.-]*:[/\\]*)?.*@/is, "$1…@").replace(/[?#].+$/s, "?…");
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
