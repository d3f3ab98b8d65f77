import { publicSuffix, siteHost } from "../site/index.ts";
import { type CookieContext, isSecure } from "./context.ts";
import { type Cookie, cookieKey, isExpired } from "./cookie.ts";
import { domainMatches } from "./domain-match.ts";
import { defaultPath, pathMatches } from "./path-match.ts";
import { type PrefixViolation, prefixViolation } from "./prefixes.ts";
import { sameSiteAllowsStoring } from "./same-site.ts";
import type { SetCookie } from "./set-cookie.ts";

/** What to do with a received cookie. */
export type StoreDecision =
  | { readonly type: "store"; readonly cookie: Cookie }
  | { readonly type: "replace"; readonly cookie: Cookie; readonly replaced: Cookie }
  /** It came with an expiry time in the past, which is how a server takes a cookie back. */
  | { readonly type: "delete"; readonly deleted: Cookie }
  | { readonly type: "ignore"; readonly reason: IgnoreReason };

/** Why a received cookie is ignored. */
export type IgnoreReason =
  /** Section 5.6 step 1: the field value holds a control character other than the tab. */
  | "control-character"
  /** The field value holds a character above U+00FF. */
  | "not-octets"
  /** Section 5.6 step 5: name and value are longer than 4096 octets together. */
  | "too-long"
  /** Section 5.7 step 2: neither name nor value. */
  | "empty"
  /** The request's URL has no host. */
  | "no-host"
  /** Section 5.7 step 8: the `Domain` attribute is not ASCII. */
  | "domain-not-ascii"
  /** Section 5.7 step 9: the `Domain` attribute is a public suffix. */
  | "public-suffix"
  /** Section 5.7 step 10: the host does not lie in the domain that the `Domain` attribute names. */
  | "domain-mismatch"
  /** Section 5.7 step 1: the domain is of another site than the host, by a public suffix between them. */
  | "other-site"
  /** Section 5.7 step 13: `Secure` over a connection that is not. */
  | "insecure-connection"
  /** Section 5.7 steps 15 and 23: a script touches a cookie that is `HttpOnly`. */
  | "http-only"
  /** Section 5.7 step 16: it would overlay a `Secure` cookie from a connection that is not. */
  | "secure-cookie-exists"
  /** Section 5.7 step 18: `SameSite` keeps it out of a cross-site response. */
  | "cross-site"
  /** Section 5.7 step 19: `SameSite=None` without `Secure`. */
  | "same-site-none-insecure"
  /** Section 5.7 steps 20 to 22. */
  | PrefixViolation
  /** Expired on arrival, with no such cookie to delete. */
  | "expired"
  /** Stored, and evicted at once by the limits. */
  | "evicted";

/**
 * Decides whether a received cookie is stored.
 *
 * @param sameSiteCookies every cookie of the host's site that is at hand; expired ones count as gone.
 * @param now milliseconds since the epoch.
 * @see 6265bis section 5.7; steps are numbered as there. Steps 3 and 4 hold for whatever `parseSetCookie` returns.
 */
export function decideStoreCookie(
  received: SetCookie,
  context: CookieContext,
  sameSiteCookies: readonly Cookie[],
  now: number,
): StoreDecision {
  if (received.name === "" && received.value === "") return ignore("empty"); // step 2
  const scope = decideScope(received.domain, context.url.hostname);
  if (typeof scope === "string") return ignore(scope);

  const cookie: Cookie = {
    name: received.name, // step 5
    value: received.value,
    domain: scope.domain,
    path: hasPath(received) ? received.path : defaultPath(context.url.pathname), // step 11
    hostOnly: scope.hostOnly,
    secureOnly: received.secure, // step 12
    httpOnly: received.httpOnly, // step 14
    sameSite: received.sameSite, // step 17
    creationTime: now,
    expiryTime: expiryTime(received, now), // step 6
    lastAccessTime: now,
  };
  const old = findOld(cookie, sameSiteCookies, now);
  const refusal = findRefusal(cookie, received.path !== undefined, old, context, sameSiteCookies, now);
  if (refusal !== undefined) return ignore(refusal);

  if (isExpired(cookie, now)) return old === undefined ? ignore("expired") : { type: "delete", deleted: old };
  if (old === undefined) return { type: "store", cookie }; // step 24
  return { type: "replace", cookie: { ...cookie, creationTime: old.creationTime }, replaced: old }; // step 23
}

function hasPath(received: SetCookie): received is SetCookie & { path: string } {
  return received.path !== undefined && received.path !== "";
}

function ignore(reason: IgnoreReason): StoreDecision {
  return { type: "ignore", reason };
}

/** Steps 7 to 10: which hosts the cookie is for. */
function decideScope(domain: string, host: string): Pick<Cookie, "domain" | "hostOnly"> | IgnoreReason {
  if (host === "") return "no-host";
  if (!isAscii(domain)) return "domain-not-ascii";
  if (domain === "") return { domain: host, hostOnly: true };
  if (publicSuffix(domain) === domain) return domain === host ? { domain: host, hostOnly: true } : "public-suffix";
  if (!domainMatches(host, domain)) return "domain-mismatch";
  if (siteHost(host) !== siteHost(domain)) return "other-site"; // step 1: our policy
  return { domain, hostOnly: false };
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) return false;
  }
  return true;
}

/** Longest life of a cookie: 400 days, section 5.5. */
export const cookieAgeLimitMilliseconds = 400 * 24 * 60 * 60 * 1000;

/**
 * Sections 5.6.1 and 5.6.2, and step 6: `Max-Age` goes before `Expires`. A `Max-Age` of 0 or less gives a time that has
 * come; it need not be the earliest one, as the cookie is not kept.
 */
function expiryTime({ maxAge, expires }: SetCookie, now: number): number | undefined {
  const asked = maxAge === undefined ? expires : now + maxAge * 1000;
  return asked === undefined ? undefined : Math.min(asked, now + cookieAgeLimitMilliseconds);
}

function findOld(cookie: Cookie, candidates: readonly Cookie[], now: number): Cookie | undefined {
  const key = cookieKey(cookie);
  for (const candidate of candidates) {
    if (candidate.name === cookie.name && cookieKey(candidate) === key && !isExpired(candidate, now)) return candidate;
  }
  return undefined;
}

/** Steps 13 to 23, in their order. */
function findRefusal(
  cookie: Cookie,
  hasPathAttribute: boolean,
  old: Cookie | undefined,
  context: CookieContext,
  sameSiteCookies: readonly Cookie[],
  now: number,
): IgnoreReason | undefined {
  if (!isSecure(context.url)) {
    if (cookie.secureOnly) return "insecure-connection";
    if (overlaysSecureCookie(cookie, sameSiteCookies, now)) return "secure-cookie-exists";
  }
  const touchesHttpOnly = cookie.httpOnly || old?.httpOnly === true;
  if (context.api === "non-http" && touchesHttpOnly) return "http-only";
  if (!sameSiteAllowsStoring(cookie.sameSite, context)) return "cross-site";
  if (cookie.sameSite === "None" && !cookie.secureOnly) return "same-site-none-insecure";
  return prefixViolation(cookie, hasPathAttribute);
}

/** Step 16. The paths are compared one way only: `/login` is protected by a `Secure` cookie there, `/` is not. */
function overlaysSecureCookie(cookie: Cookie, existing: readonly Cookie[], now: number): boolean {
  for (const other of existing) {
    if (
      other.name === cookie.name &&
      other.secureOnly &&
      (domainMatches(other.domain, cookie.domain) || domainMatches(cookie.domain, other.domain)) &&
      pathMatches(cookie.path, other.path) &&
      !isExpired(other, now)
    ) {
      return true;
    }
  }
  return false;
}
