import { isIpLiteral, publicSuffix } from "../site/index.ts";
import { parseLines, textOctets, type LineLimit, type LineProblem } from "../text-lines.ts";
import { parseWrittenHost } from "../written-host.ts";
import type { Cookie } from "./cookie.ts";
import { decodeCookie, encodeCookie } from "./cookie-record.ts";
import { prefixViolation } from "./prefixes.ts";
import { cookieAgeLimitMilliseconds } from "./store-cookie.ts";

/** A line that holds no cookie to be kept. */
export type NetscapeCookieProblem = LineProblem<
  | LineLimit
  /** Not seven fields between tabs (six where the value is empty). */
  | "fields"
  /** Neither `TRUE` nor `FALSE` where one of them belongs. */
  | "flag"
  | "domain"
  /** It would be sent to sites of different owners. */
  | "public-suffix"
  | "path"
  | "expiry"
  | "expired"
  /** The name begins with `__Secure-` or `__Host-`, and the cookie does not keep what that promises. */
  | "prefix"
  /** What no `Set-Cookie` could have brought. */
  | "name-or-value"
>;

/** Why a cookie cannot be written so that others read the same. */
export type NetscapeCookieOmission = "nameless" | "character" | "domain" | "expired" | "too-long";

/** Longest line that is read: twice what a browser keeps. */
const maxLineOctets = 8192;
/** Longest line that is written: curl skips those that are longer. */
const maxWrittenOctets = 4_900;
/** curl, wget and others have made a comment of this: whoever does not know it sees no cookie. */
const httpOnlyPrefix = "#HttpOnly_";

/**
 * Reads a Netscape cookie file, `cookies.txt`: what `curl -c`, `wget --save-cookies`, Python's `MozillaCookieJar` and
 * exporters of browsers write. A line has seven fields between tabs: domain, whether its subdomains are included, path,
 * secure, expiry in seconds since the epoch (0 for a cookie of the session), name, value.
 *
 * The form knows no `SameSite`: cookies come out with `Default`, which is enforced as `Lax`. Of the flag and a dot before
 * the domain the flag counts, as in curl. A port behind the domain, as wget writes it, is dropped, as cookies are for all
 * ports of a host. What lives longer than 400 days is cut to that (6265bis section 5.5).
 *
 * @param now milliseconds since the epoch: when the cookies begin. What has expired is a problem, not a cookie.
 */
export function parseNetscapeCookies(
  bytes: Uint8Array,
  now: number,
): { readonly cookies: readonly Cookie[]; readonly problems: readonly NetscapeCookieProblem[] } {
  const { items: cookies, problems } = parseLines<Cookie, NetscapeCookieProblem["reason"]>(
    bytes,
    maxLineOctets,
    (text) => parseLine(text, now),
  );
  return { cookies, problems };
}

/** @returns `undefined` for a line that says nothing. */
function parseLine(text: string, now: number): Cookie | NetscapeCookieProblem["reason"] | undefined {
  const httpOnly = text.startsWith(httpOnlyPrefix);
  if (!httpOnly && /^[\t ]*(?:#|$)/.test(text)) return undefined;
  const fields = text.slice(httpOnly ? httpOnlyPrefix.length : 0).split("\t");
  if (fields.length !== 7 && fields.length !== 6) return "fields";
  const [domainField = "", subdomains = "", path = "", secure = "", expiry = "", name = "", value = ""] = fields;

  const includesSubdomains = parseFlag(subdomains);
  const secureOnly = parseFlag(secure);
  if (includesSubdomains === undefined || secureOnly === undefined) return "flag";
  const domain = parseDomain(domainField);
  if (domain === undefined) return "domain";
  const hostOnly = !includesSubdomains || isIpLiteral(domain);
  if (!hostOnly && publicSuffix(domain) === domain) return "public-suffix";
  if (!path.startsWith("/")) return "path";
  const expiryTime = parseExpiry(expiry, now);
  if (Number.isNaN(expiryTime)) return "expiry";
  if (expiryTime !== undefined && expiryTime <= now) return "expired";

  const scope = { domain, hostOnly, path, secureOnly, httpOnly, sameSite: "Default" } as const;
  const cookie: Cookie = { name, value, ...scope, creationTime: now, expiryTime, lastAccessTime: now };
  if (prefixViolation(cookie, true) !== undefined) return "prefix";
  // What the storage model would never have let in is refused where records are read: one rule for both.
  return decodeCookie(encodeCookie(cookie)) === undefined ? "name-or-value" : cookie;
}

function parseFlag(text: string): boolean | undefined {
  const flag = text.toUpperCase();
  return flag === "TRUE" ? true : flag === "FALSE" ? false : undefined;
}

function parseDomain(text: string): string | undefined {
  return parseWrittenHost(text.startsWith(".") ? text.slice(1) : text)?.hostname;
}

/** @returns `undefined` for a cookie of the session, NaN for what is no time. */
function parseExpiry(text: string, now: number): number | undefined {
  if (text === "" || text === "0") return undefined;
  if (!/^\d{1,20}(?:\.\d{1,20})?$/.test(text)) return NaN;
  return Math.min(Math.floor(Number(text)) * 1000, now + cookieAgeLimitMilliseconds);
}

/**
 * Writes a Netscape cookie file. It holds the cookies' values: treat it as a secret. `SameSite` is lost, and fractions of
 * a second are cut off.
 *
 * A cookie that others would read as another one is left out and reported, by its place among `cookies`: one without a
 * name, which curl takes for a name without a value, one with a tab, which ends a field, or with anything else that is no
 * printable octet.
 */
export function formatNetscapeCookies(cookies: Iterable<Cookie>): {
  readonly bytes: Uint8Array;
  readonly omitted: readonly { readonly index: number; readonly reason: NetscapeCookieOmission }[];
} {
  const lines = ["# Netscape HTTP Cookie File", "# Written by Fairlead. Whoever has this file is logged in.", ""];
  const omitted: { index: number; reason: NetscapeCookieOmission }[] = [];
  let index = 0;
  for (const cookie of cookies) {
    const reason = findOmission(cookie);
    const line = reason === undefined ? formatLine(cookie) : "";
    if (reason !== undefined) omitted.push({ index, reason });
    else if (line.length > maxWrittenOctets) omitted.push({ index, reason: "too-long" });
    else lines.push(line);
    index += 1;
  }
  return { bytes: textOctets(`${lines.join("\n")}\n`), omitted };
}

function findOmission({ name, value, domain, path, expiryTime }: Cookie): NetscapeCookieOmission | undefined {
  if (name === "") return "nameless";
  if (/[^\x20-\x7e\x80-\xff]/.test(name + value + path)) return "character";
  if (domain.startsWith(".") || parseDomain(domain) !== domain) return "domain";
  return expiryTime !== undefined && expiryTime < 1000 ? "expired" : undefined;
}

function formatLine({ name, value, domain, hostOnly, path, secureOnly, httpOnly, expiryTime }: Cookie): string {
  const isForItself = hostOnly || isIpLiteral(domain);
  // Addresses of IPv6 stand without brackets, as in curl.
  const host = isForItself ? domain.replace(/^\[(.*)\]$/, "$1") : `.${domain}`;
  const seconds = expiryTime === undefined ? 0 : Math.floor(expiryTime / 1000);
  const fields = [host, formatFlag(!isForItself), path, formatFlag(secureOnly), seconds.toString(), name, value];
  return `${httpOnly ? httpOnlyPrefix : ""}${fields.join("\t")}`;
}

function formatFlag(flag: boolean): string {
  return flag ? "TRUE" : "FALSE";
}
