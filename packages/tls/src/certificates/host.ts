import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";

/**
 * Tells whether the certificate is for this host name or IP literal: by its subject alternative names only, with a
 * wildcard only as the whole left-most label. The common name takes no part.
 *
 * @see RFC 9525 section 6
 */
export function certificateMatchesHost(certificate: X509Certificate, host: string): boolean {
  // A zone says which interface to use; it is no part of the address (RFC 6874 section 1).
  if (isIP(host) !== 0) return certificate.checkIP(host.replace(/%.*$/, "")) !== undefined;
  return certificate.checkHost(withoutTrailingDot(host), hostRules) !== undefined;
}

/** What to send as Server Name Indication: no IP literal, no trailing dot; `undefined` for none. RFC 6066 section 3. */
export function serverNameIndication(name: string): string | undefined {
  return isIP(name) === 0 && name !== "" ? withoutTrailingDot(name) : undefined;
}

/** The host as libraries compare it: a name without trailing dot, an IP literal without zone (RFC 6874 section 1). */
export function canonicalHost(host: string): string {
  return isIP(host) === 0 ? withoutTrailingDot(host) : host.replace(/%.*$/, "");
}

const hostRules = { subject: "never", wildcards: true, partialWildcards: false, multiLabelWildcards: false } as const;

function withoutTrailingDot(name: string): string {
  return name.endsWith(".") ? name.slice(0, -1) : name;
}
