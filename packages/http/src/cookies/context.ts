import type { SchemeAndHost } from "../site/index.ts";

/** The parts of a request's URL that cookies depend on; every `URL` is one. */
export interface CookieUrl extends SchemeAndHost {
  /** Begins with a slash, without the query. */
  readonly pathname: string;
}

/** The request, or the call of an API, in which cookies are received or retrieved. */
export interface CookieContext {
  /** The URL of the current hop: `http:`, `https:`, `ws:` or `wss:`. */
  readonly url: CookieUrl;
  /** The method of the current hop, `GET` by default. It matters to `Lax` cookies only. */
  readonly method?: string | undefined;
  /**
   * The origin on whose behalf the request is made (any URL of it), or `opaque` for a mixture of sites.
   * `undefined` where nobody is behind it but the application: the request is then same-site.
   *
   * @see 6265bis section 5.2
   */
  readonly siteForCookies?: SchemeAndHost | "opaque" | undefined;
  /** Whether the user is being taken to this URL, as opposed to a part of a page being loaded; `false` by default. */
  readonly topLevelNavigation?: boolean | undefined;
  /** `non-http` when a script reads or writes cookies; `http`, the default, for the header fields. */
  readonly api?: "http" | "non-http" | undefined;
}

/**
 * Tells whether a connection to this URL is secure, as `Secure` cookies need it.
 *
 * @see 6265bis section 5.8.3 step 3
 */
export function isSecure(url: SchemeAndHost): boolean {
  return url.protocol === "https:" || url.protocol === "wss:";
}
