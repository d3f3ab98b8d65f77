import { UsageError } from "@fairlead/core";
import { isHttp } from "./target.ts";

/** Knows which schemes besides HTTP's are handled. */
export interface KnownSchemes {
  has(protocol: string): boolean;
}

/**
 * Parses what is to be requested.
 *
 * @param schemes those that are handled besides HTTP's; none by default. Their URLs may hold a user name.
 * @throws UsageError URL_INVALID, URL_SCHEME_UNKNOWN, or URL_USER_INFORMATION: credentials in a URL end up in logs.
 */
export function parseRequestUrl(input: string | URL, schemes?: KnownSchemes): URL {
  const url = typeof input === "string" ? URL.parse(input) : input;
  if (url === null) throw new UsageError("URL_INVALID", { operation: "request", detail: quoteInput(String(input)) });
  const ofHttp = isHttp(url.protocol);
  if (!ofHttp && schemes?.has(url.protocol) !== true) {
    throw new UsageError("URL_SCHEME_UNKNOWN", { operation: "request", detail: url.protocol.slice(0, -1) });
  }
  if ((ofHttp && url.username !== "") || url.password !== "") {
    // No field says who asks by another scheme.
    const remedy = ofHttp
      ? {}
      : { remedy: "take the password out of the URL, and answer the question: onAuthenticate" };
    throw new UsageError("URL_USER_INFORMATION", { operation: "request", peer: url.host, ...remedy });
  }
  return url;
}

/** Path and query of a URL, with the question mark of an empty one, which its parts do not have. */
export function pathOf({ pathname, search, href, hash }: URL): string {
  const isEmptyQuery = search === "" && href.at(-hash.length - 1) === "?";
  return isEmptyQuery ? `${pathname}?` : pathname + search;
}

/**
 * What could not be parsed, in a form that a terminal and a log can bear. Nobody knows where its parts end, so all that
 * can be user information or a query goes: a password with a slash is what made many a URL one that cannot be parsed.
 */
export function quoteInput(input: string): string {
  const text = input.replace(/^([a-z][a-z\d+.-]*:[/\\]*)?.*@/is, "$1…@").replace(/[?#].+$/s, "?…");
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
