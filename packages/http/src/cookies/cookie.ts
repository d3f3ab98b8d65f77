/** How a cookie restricts cross-site requests; `Default` where no `SameSite` was given or understood. */
export type SameSiteFlag = "Strict" | "Lax" | "None" | "Default";

/**
 * A stored cookie, with the fields of the storage model. Times are milliseconds since the epoch.
 *
 * @see 6265bis section 5.7
 */
export interface Cookie {
  /** Empty for a nameless cookie. */
  readonly name: string;
  readonly value: string;
  /** The host that set it when `hostOnly`, else the `Domain` attribute. A-labels in lower case. */
  readonly domain: string;
  /** Begins with a slash. */
  readonly path: string;
  readonly hostOnly: boolean;
  readonly secureOnly: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: SameSiteFlag;
  readonly creationTime: number;
  /** `undefined` for a cookie that ends with the session (persistent-flag false). */
  readonly expiryTime: number | undefined;
  /** The one field that changes in place: a jar sets it whenever the cookie is sent. */
  lastAccessTime: number;
}

/**
 * Returns the identity of a cookie as one string: domain, host-only-flag, name and path. A jar holds one cookie a key.
 *
 * The first three never contain a semicolon, so no two identities share a key.
 *
 * @see 6265bis section 5.7 step 23
 */
export function cookieKey(cookie: Pick<Cookie, "domain" | "hostOnly" | "name" | "path">): string {
  return `${cookie.domain};${cookie.hostOnly ? "host" : "domain"};${cookie.name};${cookie.path}`;
}

/** Tells whether a cookie's expiry time has come. */
export function isExpired(cookie: Cookie, now: number): boolean {
  return cookie.expiryTime !== undefined && cookie.expiryTime <= now;
}
