import { publicSuffix, siteHost } from "../site/index.ts";
import type { CookieContext } from "./context.ts";
import { type Cookie, cookieKey, isExpired } from "./cookie.ts";
import { decodeCookie } from "./cookie-record.ts";
import { type CookieLimits, cookiesToEvict, defaultCookieLimits } from "./evict.ts";
import { cookieString, retrieveCookies } from "./retrieve.ts";
import { parseSetCookie } from "./set-cookie.ts";
import { decideStoreCookie, type StoreDecision } from "./store-cookie.ts";

/** What a keeper of the jar's cookies on disk has to do. */
export type CookieChange =
  /** Write `encodeCookie(cookie)` under the key; it expires at `cookie.expiryTime`. */
  | { readonly type: "persist"; readonly key: string; readonly cookie: Cookie }
  /** A session cookie: it stays in memory only, and a record under its key, if there is one, is deleted. */
  | { readonly type: "keep-in-memory"; readonly key: string; readonly cookie: Cookie }
  /** Delete the record under the key, if there is one. */
  | { readonly type: "delete"; readonly key: string };

/** What became of a received cookie. */
export interface SetCookieResult {
  readonly decision: StoreDecision;
  /** To be carried out in order; empty when the cookie was ignored and nothing had expired. */
  readonly changes: readonly CookieChange[];
}

/** A cookie as it is kept on disk. */
export interface CookieRecord {
  readonly key: string;
  /** What `encodeCookie` wrote. */
  readonly line: string;
}

/**
 * The cookies of one user, by site. Pure: it knows no clock and no disk. Times are milliseconds since the epoch, given
 * with each call; what has to be written is returned.
 *
 * That a cookie was sent is remembered, but is no change to write: a record has the access time of its last writing.
 *
 * @example
 * const jar = new CookieJar();
 * const context = { url: new URL("https://example.com/"), method: "GET" };
 * jar.setCookie("sid=1; Max-Age=60", context, Date.now()).changes; // one "persist"
 * jar.cookieHeader(context, Date.now()); // "sid=1"
 */
export class CookieJar {
  readonly #limits: CookieLimits;
  readonly #sites = new Map<string, Map<string, Cookie>>();
  readonly #siteHosts = new Map<string, string>();
  #size = 0;

  constructor(limits: CookieLimits = defaultCookieLimits) {
    this.#limits = limits;
  }

  /** Number of cookies, those included that have expired since their site was last asked for. */
  get size(): number {
    return this.#size;
  }

  /**
   * Puts cookies back that were kept, as a new session begins. A record is refused when it is no cookie, has another
   * key than its cookie, is of an earlier session, has expired, is for a domain that has become a public suffix since
   * (6265bis section 5.8.3 step 3), or exceeds the limits.
   *
   * @returns the keys of refused records, to be deleted.
   */
  load(records: Iterable<CookieRecord>, now: number): string[] {
    const refused: string[] = [];
    for (const { key, line } of records) {
      const cookie = decodeCookie(line);
      if (cookie !== undefined && cookieKey(cookie) === key && isLoadable(cookie, now)) this.#insert(key, cookie);
      else refused.push(key);
    }
    for (const cookie of this.#evict(this.#cookies(), this.#limits, now)) refused.push(cookieKey(cookie));
    return refused;
  }

  /**
   * Receives the value of one `Set-Cookie` field.
   *
   * @param fieldValue one character for each octet; field lines are given one at a time, never joined.
   * @see 6265bis sections 5.6 and 5.7
   */
  setCookie(fieldValue: string, context: CookieContext, now: number): SetCookieResult {
    const parsed = parseSetCookie(fieldValue);
    if (parsed.type === "ignore") return { decision: parsed, changes: [] };
    const changes: CookieChange[] = [];
    const site = this.#siteHost(context.url.hostname);
    for (const key of this.#removeExpired(site, now)) changes.push({ type: "delete", key });

    const sameSiteCookies = [...(this.#sites.get(site)?.values() ?? [])];
    const decision = decideStoreCookie(parsed.cookie, context, sameSiteCookies, now);
    switch (decision.type) {
      case "ignore":
        return { decision, changes };
      case "delete": {
        const key = cookieKey(decision.deleted);
        this.delete(key);
        changes.push({ type: "delete", key });
        return { decision, changes };
      }
      case "store":
      case "replace": {
        const { cookie } = decision;
        const key = cookieKey(cookie);
        this.#insert(key, cookie);
        changes.push({ type: cookie.expiryTime === undefined ? "keep-in-memory" : "persist", key, cookie });
        const evicted = this.#evictFor(cookie, now);
        for (const other of evicted) changes.push({ type: "delete", key: cookieKey(other) });
        return { decision: evicted.includes(cookie) ? { type: "ignore", reason: "evicted" } : decision, changes };
      }
    }
  }

  /** Tells whether the site of a host has cookies at all. Allocates nothing; false is the answer of most requests. */
  hasCookiesFor(hostname: string): boolean {
    return this.#size !== 0 && this.#sites.has(this.#siteHost(hostname));
  }

  /**
   * Returns the value of the `Cookie` field for a request; empty when the field is to be left out.
   *
   * @see 6265bis section 5.8.3
   */
  cookieHeader(context: CookieContext, now: number): string {
    if (this.#size === 0) return "";
    const site = this.#siteHost(context.url.hostname);
    const cookies = this.#sites.get(site);
    if (cookies === undefined) return "";
    this.#removeExpired(site, now);
    const retrieved = retrieveCookies(cookies.values(), context, now);
    for (const cookie of retrieved) cookie.lastAccessTime = now; // step 5
    return cookieString(retrieved);
  }

  /** All cookies with their keys, session cookies too, site by site. */
  *entries(): Generator<[key: string, cookie: Cookie], void, undefined> {
    for (const cookies of this.#sites.values()) yield* cookies;
  }

  /** Forgets one cookie. Returns whether there was one of this key. */
  delete(key: string): boolean {
    const site = this.#siteHost(key.slice(0, key.indexOf(";")));
    const cookies = this.#sites.get(site);
    if (cookies?.delete(key) !== true) return false;
    this.#size -= 1;
    if (cookies.size === 0) this.#sites.delete(site);
    return true;
  }

  clear(): void {
    this.#sites.clear();
    this.#size = 0;
  }

  #insert(key: string, cookie: Cookie): void {
    const site = this.#siteHost(cookie.domain);
    let cookies = this.#sites.get(site);
    if (cookies === undefined) {
      cookies = new Map();
      this.#sites.set(site, cookies);
    }
    if (!cookies.has(key)) this.#size += 1;
    cookies.set(key, cookie);
  }

  /** Their records need no deleting: a store drops what has expired. */
  #removeExpired(site: string, now: number): string[] {
    const removed: string[] = [];
    for (const [key, cookie] of this.#sites.get(site) ?? []) {
      if (isExpired(cookie, now) && this.delete(key)) removed.push(key);
    }
    return removed;
  }

  /**
   * Restores the limits after a cookie has come. They held before, so only its domain and the total can be over. A full
   * jar makes room for a tenth at once, because finding the oldest means looking at all.
   */
  #evictFor(cookie: Cookie, now: number): Cookie[] {
    const cookies = this.#sites.get(this.#siteHost(cookie.domain))?.values() ?? [];
    const sameDomain = [...cookies].filter((other) => other.domain === cookie.domain);
    const { perDomain, total } = this.#limits;
    if (sameDomain.length > perDomain) return this.#evict(sameDomain, this.#limits, now);
    if (this.#size <= total) return [];
    return this.#evict(this.#cookies(), { perDomain: Infinity, total: Math.ceil(total * 0.9) }, now);
  }

  #evict(cookies: Iterable<Cookie>, limits: CookieLimits, now: number): Cookie[] {
    const evicted = cookiesToEvict(cookies, limits, now);
    for (const cookie of evicted) this.delete(cookieKey(cookie));
    return evicted;
  }

  *#cookies(): Generator<Cookie, void, undefined> {
    for (const cookies of this.#sites.values()) yield* cookies.values();
  }

  /** The site of a host, from a small cache: one look-up of a public suffix takes longer than all else. */
  #siteHost(hostname: string): string {
    let site = this.#siteHosts.get(hostname);
    if (site === undefined) {
      site = siteHost(hostname);
      if (this.#siteHosts.size >= maxCachedHosts) this.#siteHosts.clear();
      this.#siteHosts.set(hostname, site);
    }
    return site;
  }
}

const maxCachedHosts = 1000;

function isLoadable(cookie: Cookie, now: number): boolean {
  if (cookie.expiryTime === undefined || isExpired(cookie, now)) return false;
  return cookie.hostOnly || publicSuffix(cookie.domain) !== cookie.domain;
}
