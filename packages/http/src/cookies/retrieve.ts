import { type CookieContext, isSecure } from "./context.ts";
import { type Cookie, isExpired } from "./cookie.ts";
import { domainMatches } from "./domain-match.ts";
import { pathMatches } from "./path-match.ts";
import { sameSiteAllowsSending } from "./same-site.ts";

/**
 * Selects the cookies that go with a request, in the order in which they are sent: longer paths first, then the ones
 * created earlier, then as they came.
 *
 * That no domain cookie is for a public suffix (step 3) is the giver's to see to; `CookieJar` does.
 *
 * @param now milliseconds since the epoch.
 * @see 6265bis section 5.8.3 steps 3 and 4
 */
export function retrieveCookies(cookies: Iterable<Cookie>, context: CookieContext, now: number): Cookie[] {
  const selected: Cookie[] = [];
  for (const cookie of cookies) {
    if (isForRequest(cookie, context) && !isExpired(cookie, now)) selected.push(cookie);
  }
  return selected.sort((a, b) => b.path.length - a.path.length || a.creationTime - b.creationTime);
}

/**
 * Writes the value of the `Cookie` field; empty when there are none, and the field is then left out.
 *
 * @see 6265bis section 5.8.3 step 6
 */
export function cookieString(cookies: readonly Cookie[]): string {
  return cookies.map((cookie) => (cookie.name === "" ? cookie.value : `${cookie.name}=${cookie.value}`)).join("; ");
}

function isForRequest(cookie: Cookie, context: CookieContext): boolean {
  const { hostname, pathname } = context.url;
  if (cookie.hostOnly ? hostname !== cookie.domain : !domainMatches(hostname, cookie.domain)) return false;
  if (!pathMatches(pathname, cookie.path)) return false;
  if (cookie.secureOnly && !isSecure(context.url)) return false;
  if (cookie.httpOnly && context.api === "non-http") return false;
  return sameSiteAllowsSending(cookie.sameSite, context);
}
