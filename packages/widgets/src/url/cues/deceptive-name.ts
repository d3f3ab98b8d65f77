import type { KnownSites } from "../idn/known-sites.ts";
import type { ShownHost } from "../url-display.ts";
import type { PhishingCue } from "./phishing-cue.ts";
import type { CueFacts } from "./cue-facts.ts";

/**
 * The name of a site in a place where it decides nothing: its whole domain among the subdomains (`paypal.com.evil.example`,
 * `paypal-com.evil.example`), or its name beside a word that asks for trust (`login-paypal.com`, `paypal.secure.example`).
 * A name alone is no cue: `github.example.com` is a company's own server.
 */
export function deceptiveName(
  host: Extract<ShownHost, { readonly type: "domain" }>,
  { visited, wellKnown }: CueFacts,
): PhishingCue | undefined {
  return (visited && borrowed(host, "visited", visited)) ?? (wellKnown && borrowed(host, "well-known", wellKnown));
}

function borrowed(
  host: Extract<ShownHost, { readonly type: "domain" }>,
  known: "visited" | "well-known",
  sites: KnownSites,
): PhishingCue | undefined {
  const siteStart = host.labels.length - host.siteLabels;
  const subdomains = host.labels.slice(0, siteStart).map(({ ascii }) => ascii);
  const registered = host.registrableDomain === undefined ? "" : (host.labels[siteStart]?.ascii ?? "");
  const whole = wholeDomainWithin(subdomains, sites) ?? wholeDomainWithin([...registered.split("-")], sites);
  const where = whole === undefined || subdomains.length === 0 ? "registrable-domain" : "subdomain";
  if (whole !== undefined) return { type: "deceptive-name", of: whole, known, where, certainty: "likely" };

  const words = registered.split("-");
  const inRegistered = words.length > 1 && words.some(isLure) ? words.map((word) => named(word, sites)) : [];
  const of = inRegistered.find((domain) => domain !== undefined);
  if (of !== undefined) return { type: "deceptive-name", of, known, where: "registrable-domain", certainty: "likely" };

  const subdomainWords = subdomains.flatMap((label) => label.split("-"));
  if (![...subdomainWords, ...words].some(isLure)) return undefined;
  const inSubdomain = subdomainWords.map((word) => named(word, sites)).find((domain) => domain !== undefined);
  if (inSubdomain === undefined) return undefined;
  return { type: "deceptive-name", of: inSubdomain, known, where: "subdomain", certainty: "possible" };
}

/** A domain of two or three labels, with dots or hyphens between them, among labels. */
function wholeDomainWithin(labels: readonly string[], sites: KnownSites): string | undefined {
  const words = labels.flatMap((label) => label.split("-"));
  for (let start = 0; start < words.length; start++) {
    for (const length of [2, 3]) {
      const candidate = words.slice(start, start + length).join(".");
      if (sites.domains.has(candidate)) return candidate;
    }
  }
  return undefined;
}

/** A name of four characters and more that somebody registered. */
function named(word: string, sites: KnownSites): string | undefined {
  return word.length >= 4 && !isLure(word) ? sites.byName.get(word) : undefined;
}

function isLure(word: string): boolean {
  return lures.has(word);
}

/** Words that ask for trust, or for something to be entered. */
const lures: ReadonlySet<string> = new Set(
  `account accounts alert auth authenticate bank banking billing card cancel check client confirm confirmation credential
  customer help helpdesk id identity invoice login logon mail member my notice official online password pay payment payments
  portal recover recovery refund renew reset restore safe secure secured security service services session sign signin signon
  sso ssl support unlock update upgrade user validate validation verification verified verify wallet webmail webscr`.split(
    /\s+/,
  ),
);
