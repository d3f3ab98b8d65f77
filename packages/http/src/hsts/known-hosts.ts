import { hstsHost } from "./host.ts";
import { parseStrictTransportSecurity } from "./header.ts";

/** What is remembered of one known HSTS host; its age is the business of who keeps it. */
export interface HstsEntry {
  readonly includeSubDomains: boolean;
}

/** Known HSTS hosts that are kept at most; the one that was noted longest ago goes first. */
export const HSTS_MAX_ENTRIES = 10_000;

/** Finds the entry of exactly this host, if it has not expired. */
export type HstsLookUp<Entry extends HstsEntry = HstsEntry> = (host: string) => Entry | undefined;

/**
 * Tells whether a URL's host is a known HSTS host: itself, or below one that includes its subdomains.
 *
 * @see RFC 6797 section 8.2
 */
export function isKnownHstsHost(hostname: string, lookUp: HstsLookUp): boolean {
  return findHstsEntry(hostname, lookUp) !== undefined;
}

/** The entry by which a URL's host is a known HSTS host: its own, or the nearest above it that includes its subdomains. */
export function findHstsEntry<Entry extends HstsEntry>(hostname: string, lookUp: HstsLookUp<Entry>): Entry | undefined {
  const host = hstsHost(hostname);
  if (host === undefined) return undefined;
  const own = lookUp(host);
  if (own !== undefined) return own;
  for (let dot = host.indexOf("."); dot !== -1; dot = host.indexOf(".", dot + 1)) {
    const above = lookUp(host.slice(dot + 1));
    if (above?.includeSubDomains === true) return above;
  }
  return undefined;
}

/** Where a `Strict-Transport-Security` field came from. */
export interface HstsOrigin {
  readonly hostname: string;
  /** Whether the response came over TLS without any certificate error. */
  readonly secure: boolean;
  /** The response's first `Strict-Transport-Security` field; later ones count for nothing. */
  readonly fieldValue: string;
}

/** What a response teaches about its host. */
export type HstsLesson =
  | { readonly type: "remember"; readonly host: string; readonly entry: HstsEntry; readonly maxAge: number }
  /** `max-age=0`: this host is forgotten, and no other. */
  | { readonly type: "forget"; readonly host: string }
  | { readonly type: "ignore"; readonly reason: "not-secure" | "ip-literal" | "malformed" };

/**
 * Decides what to remember of a response's `Strict-Transport-Security` field.
 *
 * @see RFC 6797 section 8.1
 */
export function learnHsts(origin: HstsOrigin): HstsLesson {
  if (!origin.secure) return { type: "ignore", reason: "not-secure" };
  const host = hstsHost(origin.hostname);
  if (host === undefined) return { type: "ignore", reason: "ip-literal" };
  const field = parseStrictTransportSecurity(origin.fieldValue);
  if (field === undefined) return { type: "ignore", reason: "malformed" };
  if (field.maxAge === 0) return { type: "forget", host };
  return { type: "remember", host, entry: { includeSubDomains: field.includeSubDomains }, maxAge: field.maxAge };
}
