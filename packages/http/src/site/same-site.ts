import { siteHost } from "./public-suffix.ts";

/** The two parts of a URL that decide its site; every `URL` is one. */
export interface SchemeAndHost {
  /** With its colon: `https:`. */
  readonly protocol: string;
  /** As `URL.hostname` gives it. */
  readonly hostname: string;
}

/**
 * Tells whether two URLs are of one site: same scheme, and same registrable domain or, without one, same host.
 *
 * The port does not matter. A URL whose origin is opaque (`data:`, `file:`) is of no site, not even its own.
 *
 * @see HTML Standard section 7.1.1, "same site"
 */
export function isSameSite(a: SchemeAndHost, b: SchemeAndHost): boolean {
  const scheme = siteScheme(a.protocol);
  if (scheme === undefined || scheme !== siteScheme(b.protocol)) return false;
  return a.hostname === b.hostname || siteHost(a.hostname) === siteHost(b.hostname);
}

/**
 * Returns the site of a URL in the form `https://example.com`, or `undefined` where its origin is opaque.
 *
 * Two URLs are of one site exactly when this gives them one string.
 *
 * @see HTML Standard section 7.1.1, "obtain a site" and "serialize a site"
 */
export function siteOf(url: SchemeAndHost): string | undefined {
  const scheme = siteScheme(url.protocol);
  return scheme === undefined ? undefined : `${scheme}//${siteHost(url.hostname)}`;
}

/** WebSockets Standard section 3.1 steps 1 to 3: a handshake is an HTTP request, of the site of its http(s) URL. */
function siteScheme(protocol: string): string | undefined {
  switch (protocol) {
    case "https:":
    case "wss:":
      return "https:";
    case "http:":
    case "ws:":
      return "http:";
    case "ftp:":
      return protocol;
    default:
      return undefined;
  }
}
