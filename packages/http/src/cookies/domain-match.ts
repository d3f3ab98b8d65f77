import { isIpLiteral } from "../site/index.ts";

/**
 * Tells whether a host domain-matches a cookie's domain: it is that domain, or a name below it.
 *
 * Both are canonical: A-labels in lower case.
 *
 * @see 6265bis section 5.1.3
 */
export function domainMatches(host: string, domain: string): boolean {
  if (host === domain) return true;
  return host.endsWith(domain) && host.charCodeAt(host.length - domain.length - 1) === dot && !isIpLiteral(host);
}

const dot = 0x2e;
