import { isSameSite } from "../site/index.ts";
import type { CookieContext } from "./context.ts";
import type { SameSiteFlag } from "./cookie.ts";

/** Whether a request comes from the site that it goes to. */
export type SameSiteStatus = "same-site" | "cross-site";

/**
 * Compares the current hop's URL with the site for cookies. A request without one is same-site.
 *
 * @see 6265bis section 5.2
 */
export function sameSiteStatus(context: CookieContext): SameSiteStatus {
  const { siteForCookies } = context;
  if (siteForCookies === undefined) return "same-site";
  if (siteForCookies === "opaque") return "cross-site";
  return isSameSite(context.url, siteForCookies) ? "same-site" : "cross-site";
}

/**
 * Tells whether a response may set a cookie with this flag. Taking the user to a page may set any.
 *
 * @see 6265bis section 5.7 step 18
 */
export function sameSiteAllowsStoring(flag: SameSiteFlag, context: CookieContext): boolean {
  if (flag === "None" || sameSiteStatus(context) === "same-site") return true;
  return context.api !== "non-http" && context.topLevelNavigation === true;
}

/**
 * Tells whether a request may carry a cookie with this flag. Cross-site, only `Lax` ones go, and only where a safe
 * method takes the user to a page.
 *
 * @see 6265bis section 5.8.3 step 3
 */
export function sameSiteAllowsSending(flag: SameSiteFlag, context: CookieContext): boolean {
  if (flag === "None" || sameSiteStatus(context) === "same-site") return true;
  return (
    context.api !== "non-http" && flag !== "Strict" && context.topLevelNavigation === true && isSafe(context.method)
  );
}

/** RFC 9110 section 9.2.1. Methods are case-sensitive. */
function isSafe(method = "GET"): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS" || method === "TRACE";
}
