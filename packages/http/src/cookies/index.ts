/**
 * Cookies by RFC 6265bis: draft-ietf-httpbis-rfc6265bis-22, which the RFC Editor is about to publish in place of
 * RFC 6265. Sections named in this folder are that document's.
 *
 * Where its text leaves a choice, or is left, this is what is done:
 * - Section 5.1.2: a host is canonical when the URL parser made it. So a label with an underscore, which is not LDH,
 *   keeps its cookies; and `example.com.` is another host than `example.com`.
 * - Section 5.6: a field value is a string of octets, one character each, U+0000 to U+00FF, as Node gives it. A
 *   character above cannot have come from the wire and could not be sent back; the string is ignored.
 * - Section 5.7 step 1: a domain cookie is ignored where a public suffix lies between the host and its domain, such as
 *   `Domain=amazonaws.com` from `x.s3.amazonaws.com`, whose owners differ. So no cookie ever leaves its site.
 * - Section 5.7 step 16 compares with cookies of the same site only, for the same reason: the owner of one site can
 *   neither prevent another's cookies nor find out about them.
 * - "Secure" means `https:` or `wss:`; loopback hosts over plain HTTP are not trusted.
 * - The "Lax-allowing-unsafe" mode of section 5.6.7.2 is not applied.
 */
export { type Cookie, cookieKey, isExpired, type SameSiteFlag } from "./cookie.ts";
export { parseCookieDate } from "./cookie-date.ts";
export { decodeCookie, encodeCookie } from "./cookie-record.ts";
export type { CookieContext, CookieUrl } from "./context.ts";
export { domainMatches } from "./domain-match.ts";
export { type CookieLimits, cookiesToEvict, defaultCookieLimits } from "./evict.ts";
export { type CookieChange, CookieJar, type CookieRecord, type SetCookieResult } from "./jar.ts";
export {
  formatNetscapeCookies,
  type NetscapeCookieOmission,
  type NetscapeCookieProblem,
  parseNetscapeCookies,
} from "./netscape-file.ts";
export { defaultPath, pathMatches } from "./path-match.ts";
export { type PrefixViolation, prefixViolation } from "./prefixes.ts";
export { cookieString, retrieveCookies } from "./retrieve.ts";
export { type SameSiteStatus, sameSiteStatus } from "./same-site.ts";
export { parseSetCookie, type SetCookie, type SetCookieParse } from "./set-cookie.ts";
export { decideStoreCookie, type IgnoreReason, type StoreDecision } from "./store-cookie.ts";
