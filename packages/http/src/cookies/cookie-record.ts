import type { Cookie, SameSiteFlag } from "./cookie.ts";
import { prefixViolation } from "./prefixes.ts";
import { findFault, parseSetCookie } from "./set-cookie.ts";

/**
 * Writes a cookie as one line of JSON. Flags that are false, and a `SameSite` that was not given, are left out.
 *
 * The line holds the cookie's value: treat it as a secret.
 */
export function encodeCookie(cookie: Cookie): string {
  return JSON.stringify({
    name: cookie.name,
    value: cookie.value,
    domain: cookie.domain,
    path: cookie.path,
    hostOnly: cookie.hostOnly || undefined,
    secureOnly: cookie.secureOnly || undefined,
    httpOnly: cookie.httpOnly || undefined,
    sameSite: cookie.sameSite === "Default" ? undefined : cookie.sameSite,
    creationTime: cookie.creationTime,
    expiryTime: cookie.expiryTime,
    lastAccessTime: cookie.lastAccessTime,
  });
}

/**
 * Reads what `encodeCookie` wrote.
 *
 * @returns `undefined` for anything else, a cookie that the storage model would never have let in included.
 */
export function decodeCookie(line: string): Cookie | undefined {
  const { name, value, domain, path, hostOnly = false, secureOnly = false, httpOnly = false, ...rest } = parse(line);
  const { sameSite = "Default", creationTime, expiryTime, lastAccessTime } = rest;
  if (typeof name !== "string" || typeof value !== "string" || !parsesBack(name, value)) return undefined;
  if (typeof domain !== "string" || URL.parse(`http://${domain}/`)?.hostname !== domain) return undefined;
  if (typeof path !== "string" || !path.startsWith("/") || findFault(path) !== undefined) return undefined;
  if (typeof hostOnly !== "boolean" || typeof secureOnly !== "boolean" || typeof httpOnly !== "boolean")
    return undefined;
  if (!isSameSiteFlag(sameSite) || (sameSite === "None" && !secureOnly)) return undefined;
  if (!isTime(creationTime) || !isTime(lastAccessTime)) return undefined;
  if (expiryTime !== undefined && !isTime(expiryTime)) return undefined;
  const flags = { hostOnly, secureOnly, httpOnly, sameSite };
  const cookie: Cookie = { name, value, domain, path, ...flags, creationTime, expiryTime, lastAccessTime };
  return prefixViolation(cookie, true) === undefined ? cookie : undefined;
}

/** Returns an object without fields for whatever is not an object. */
function parse(line: string): { readonly [field in keyof Cookie]?: unknown } {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

/** A name and a value are sound when a `Set-Cookie` field can have brought them. */
function parsesBack(name: string, value: string): boolean {
  const parsed = parseSetCookie(`${name}=${value}`);
  return (
    parsed.type === "cookie" && parsed.cookie.name === name && parsed.cookie.value === value && name + value !== ""
  );
}

function isSameSiteFlag(value: unknown): value is SameSiteFlag {
  return value === "Strict" || value === "Lax" || value === "None" || value === "Default";
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
