import { parseLines, textOctets, type LineLimit, type LineProblem } from "../text-lines.ts";
import { parseWrittenHost } from "../written-host.ts";
import { hstsHost } from "./host.ts";

/** One host of curl's HSTS cache. */
export interface CurlHstsHost {
  /** A-labels in lower case. */
  readonly host: string;
  readonly includeSubDomains: boolean;
  /** Milliseconds since the epoch, whole seconds; `undefined` for curl's `unlimited`. */
  readonly expiresAt: number | undefined;
}

/** A line that names no known host. */
export type CurlHstsProblem = LineProblem<LineLimit | "syntax" | "host" | "ip-literal" | "date" | "expired">;

/** Longest line that is read, as in curl. */
const maxLineOctets = 4095;

/**
 * Reads curl's HSTS cache, the file of `curl --hsts`: `.example.com "20271121 08:00:00"`, in UTC, one host a line, with a
 * dot before those that include their subdomains. Of a host that occurs twice the line that expires last counts, as in
 * curl.
 *
 * @param now milliseconds since the epoch: what has expired is a problem, not a host.
 * @see https://curl.se/docs/hsts.html
 */
export function parseCurlHsts(
  bytes: Uint8Array,
  now: number,
): { readonly hosts: readonly CurlHstsHost[]; readonly problems: readonly CurlHstsProblem[] } {
  const hosts = new Map<string, CurlHstsHost>();
  const { items, problems } = parseLines<CurlHstsHost, CurlHstsProblem["reason"]>(bytes, maxLineOctets, (text) =>
    parseLine(text, now),
  );
  for (const each of items) if (endsAfter(each, hosts.get(each.host))) hosts.set(each.host, each);
  return { hosts: [...hosts.values()], problems };
}

function endsAfter({ expiresAt = Infinity }: CurlHstsHost, other: CurlHstsHost | undefined): boolean {
  return other === undefined || expiresAt > (other.expiresAt ?? Infinity);
}

/** @returns `undefined` for a line that says nothing. */
function parseLine(text: string, now: number): CurlHstsHost | CurlHstsProblem["reason"] | undefined {
  if (/^[\t ]*(?:#|$)/.test(text)) return undefined;
  const match = /^[\t ]*(\.?)([^\t "]+)[\t ]+"([^"]*)"[\t ]*$/.exec(text);
  if (match === null) return "syntax";
  const [, dot = "", name = "", date = ""] = match;
  const host = canonicalHost(name);
  if (host === undefined) return "host";
  if (hstsHost(host) === undefined) return "ip-literal";
  const expiresAt = date === unlimited ? undefined : parseDate(date);
  if (Number.isNaN(expiresAt)) return "date";
  if (expiresAt !== undefined && expiresAt <= now) return "expired";
  return { host, includeSubDomains: dot !== "", expiresAt };
}

const unlimited = "unlimited";

function canonicalHost(text: string): string | undefined {
  const parsed = parseWrittenHost(text.endsWith(".") ? text.slice(0, -1) : text);
  return parsed?.port === "" ? parsed.hostname : undefined;
}

/** @returns NaN for what is no date. */
function parseDate(text: string): number {
  const match = /^(\d{4})(\d{2})(\d{2}) (\d{2}:\d{2}:\d{2})$/.exec(text);
  if (match === null) return NaN;
  const [, year = "", month = "", day = "", time = ""] = match;
  const iso = `${year}-${month}-${day}T${time}Z`;
  const moment = Date.parse(iso);
  // A day that the month does not have has spilled over into the next.
  return Number.isNaN(moment) || new Date(moment).toISOString() !== `${iso.slice(0, -1)}.000Z` ? NaN : moment;
}

/** What `YYYY` can hold. */
const lastMoment = Date.UTC(9999, 11, 31, 23, 59, 59);

/**
 * Writes a file that `curl --hsts` reads. Fractions of a second are cut off.
 *
 * @param hosts as `parseCurlHsts` gives them; what curl could not read back as it is is left out.
 */
export function formatCurlHsts(hosts: Iterable<CurlHstsHost>): Uint8Array {
  let text = "# Hosts that want https (HSTS), as curl keeps them. Written by Fairlead.\n";
  for (const { host, includeSubDomains, expiresAt } of hosts) {
    if (canonicalHost(host) !== host || hstsHost(host) !== host) continue;
    text += `${includeSubDomains ? "." : ""}${host} "${formatDate(expiresAt)}"\n`;
  }
  return textOctets(text);
}

function formatDate(moment: number | undefined): string {
  if (moment === undefined || !(moment <= lastMoment)) return unlimited;
  const [date = "", time = ""] = new Date(Math.max(0, moment)).toISOString().split(/[T.]/);
  return `${date.replaceAll("-", "")} ${time}`;
}
