/**
 * Sites: which hosts belong to one owner, by the public suffix list.
 *
 * Hosts are what `URL.hostname` gives: A-labels in lower case, IPv6 addresses in brackets.
 *
 * @see HTML Standard section 7.1.1 ("same site"); URL Standard section 3.2 ("public suffix", "registrable domain")
 */
export { isIpLiteral } from "./ip-literal.ts";
export { isLoopbackHost } from "./loopback.ts";
export { publicSuffix, registrableDomain, registrySuffix, siteHost } from "./public-suffix.ts";
export { isSameSite, type SchemeAndHost, siteOf } from "./same-site.ts";
