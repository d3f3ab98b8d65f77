import { fieldValue } from "./fields.ts";
import type { CacheRequest, CacheResponse } from "./stored-response.ts";

/**
 * The URLs whose stored responses a response has made doubtful: after an unsafe method that went well its target, and of
 * the same origin what `Location` and `Content-Location` name.
 *
 * @see RFC 9111 section 4.4
 */
export function invalidatedUrls({ method, url }: CacheRequest, { status, fields }: CacheResponse): readonly URL[] {
  if (safeMethods.has(method) || status < 200 || status >= 400) return [];
  const named = ["location", "content-location"].flatMap((name) => {
    const value = fieldValue(fields, name);
    const target = value === undefined ? null : URL.parse(value, url.href);
    return target !== null && target.origin === url.origin ? [target] : [];
  });
  return [url, ...named];
}

/** RFC 9110 section 9.2.1. */
const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
