import { getDomain, getPublicSuffix } from "tldts";
import { isIpLiteral } from "./ip-literal.ts";

/**
 * Returns the part of a host under which independent owners register: `com`, `co.uk`, `github.io`.
 *
 * Private suffixes count, and an unknown top-level label is a suffix by the list's rule `*`, so `localhost` is one.
 * A trailing dot stays: `example.com.` is another host than `example.com`, and its suffix is `com.`.
 *
 * @returns `undefined` for an IP literal, and for a host with an empty label.
 * @see URL Standard section 3.2, "public suffix"
 */
export function publicSuffix(host: string): string | undefined {
  return lookUp(getPublicSuffix, host);
}

/**
 * Returns the public suffix and one label more: `example.co.uk` for `www.example.co.uk`.
 *
 * @returns `undefined` for a host that is itself a public suffix, for an IP literal, and for a host with an empty label.
 * @see URL Standard section 3.2, "registrable domain"
 */
export function registrableDomain(host: string): string | undefined {
  return lookUp(getDomain, host);
}

/**
 * Returns the host's registrable domain, or the host itself where it has none: the name that hosts of one owner share.
 *
 * @see HTML Standard section 7.1.1, "obtain a site"
 */
export function siteHost(host: string): string {
  return registrableDomain(host) ?? host;
}

/**
 * Returns the part of a host under which a registry registers names: `com`, `co.uk`, but not `github.io`, whose owner
 * may be certified for all of it.
 *
 * @returns `undefined` for an IP literal, and for a host with an empty label.
 * @see CA/Browser Forum, Baseline Requirements for TLS server certificates, section 3.2.2.6
 */
export function registrySuffix(host: string): string | undefined {
  return lookUp((name) => getPublicSuffix(name, { ...options, allowPrivateDomains: false }), host);
}

/** The host is a host already, not a URL, and its validity is the URL parser's business. */
const options = { allowPrivateDomains: true, detectIp: false, extractHostname: false, validateHostname: false };

function lookUp(rule: typeof getDomain, host: string): string | undefined {
  const rooted = host.endsWith(".");
  const name = rooted ? host.slice(0, -1) : host;
  if (name === "" || name.startsWith(".") || name.endsWith(".") || name.includes("..") || isIpLiteral(name)) {
    return undefined;
  }
  const found = rule(name, options);
  if (found === null) return undefined;
  return rooted ? `${found}.` : found;
}
