/**
 * Tells whether a request's path lies at or below a cookie's path. Compared octet by octet: nothing is decoded.
 *
 * @see 6265bis section 5.1.4
 */
export function pathMatches(requestPath: string, cookiePath: string): boolean {
  if (!requestPath.startsWith(cookiePath)) return false;
  return (
    requestPath.length === cookiePath.length ||
    cookiePath.charCodeAt(cookiePath.length - 1) === slash ||
    requestPath.charCodeAt(cookiePath.length) === slash
  );
}

/**
 * Returns the path of a cookie that names none: the request's path up to, not including, its last slash.
 *
 * @see 6265bis section 5.1.4
 */
export function defaultPath(requestPath: string): string {
  if (requestPath.charCodeAt(0) !== slash) return "/";
  const lastSlash = requestPath.lastIndexOf("/");
  return lastSlash === 0 ? "/" : requestPath.slice(0, lastSlash);
}

const slash = 0x2f;
