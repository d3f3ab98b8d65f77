/**
 * The secure form of an insecure URL: `http` becomes `https` and `ws` becomes `wss`; port 80, written or implied,
 * becomes 443, and any other port stays. Returns `undefined` for a URL of another scheme.
 *
 * @see RFC 6797 section 8.3
 */
export function secureUrl(url: URL): URL | undefined {
  if (url.protocol !== "http:" && url.protocol !== "ws:") return undefined;
  const secure = new URL(url);
  // A URL never writes its scheme's default port, so an explicit 80 is already gone here.
  secure.protocol = url.protocol === "http:" ? "https:" : "wss:";
  return secure;
}
