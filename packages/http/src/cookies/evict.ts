import { type Cookie, isExpired } from "./cookie.ts";

/** How many cookies are kept. */
export interface CookieLimits {
  /** Cookies that share one `domain` field. */
  readonly perDomain: number;
  readonly total: number;
}

/** 180 for a domain, as browsers keep; 3000 together. Section 6.1 asks for 50 and 3000 at least. */
export const defaultCookieLimits: CookieLimits = { perDomain: 180, total: 3000 };

/**
 * Selects the cookies that have to go for the rest to be within the limits: expired ones, then from domains that have
 * too many those without `Secure`, then any of such domains, then any. Among equals the one that was sent longest ago
 * goes first.
 *
 * @param now milliseconds since the epoch.
 * @see 6265bis section 5.7, after step 24
 */
export function cookiesToEvict(cookies: Iterable<Cookie>, limits: CookieLimits, now: number): Cookie[] {
  const evicted: Cookie[] = [];
  const live: Cookie[] = [];
  for (const cookie of cookies) (isExpired(cookie, now) ? evicted : live).push(cookie);

  const crowd = new Set(live.length > limits.perDomain ? crowdedOut(live, limits.perDomain) : []);
  const rest = crowd.size === 0 ? live : live.filter((cookie) => !crowd.has(cookie));
  const excess = Math.max(0, rest.length - limits.total);
  return evicted.concat([...crowd], rest.sort(byLastAccess).slice(0, excess));
}

function crowdedOut(cookies: readonly Cookie[], perDomain: number): Cookie[] {
  return [...Map.groupBy(cookies, (cookie) => cookie.domain).values()].flatMap((sameDomain) => {
    const excess = Math.max(0, sameDomain.length - perDomain);
    return excess === 0 ? [] : sameDomain.sort(bySecureThenLastAccess).slice(0, excess);
  });
}

function bySecureThenLastAccess(a: Cookie, b: Cookie): number {
  return Number(a.secureOnly) - Number(b.secureOnly) || byLastAccess(a, b);
}

function byLastAccess(a: Cookie, b: Cookie): number {
  return a.lastAccessTime - b.lastAccessTime;
}
