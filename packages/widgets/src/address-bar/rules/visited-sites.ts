import { type KnownSites, knownSites } from "../../url/idn/known-sites.ts";
import type { UrlData } from "../../url/url-knowledge.ts";
import type { Remembered } from "./remembered.ts";

/** A site counts as visited from so many visits on: one that deceives is visited once or twice before it is found out. */
export const VISITS_OF_A_KNOWN_SITE = 3;

/** So many sites, those that are visited most, are compared with what is shown. */
export const VISITED_SITES_LIMIT = 1_000;

/** Gathers the sites that the person knows, which nothing else may look like, by their registrable domains. */
export function visitedSites(
  remembered: readonly Remembered[],
  { publicSuffixes, confusables }: Pick<UrlData, "publicSuffixes" | "confusables">,
): KnownSites {
  const visits = new Map<string, number>();
  for (const { url, visit } of remembered) {
    const { hostname } = new URL(url);
    // What ends in a digit or a bracket is an address: no domain does.
    if (/[\d\]]$/u.test(hostname)) continue;
    const start = publicSuffixes.registrableDomainStart(hostname);
    if (start === undefined) continue;
    const domain = hostname.slice(start);
    visits.set(domain, (visits.get(domain) ?? 0) + Math.max(0, visit.visits));
  }
  const known = [...visits]
    .filter(([, count]) => count >= VISITS_OF_A_KNOWN_SITE)
    .sort(([, one], [, other]) => other - one)
    .slice(0, VISITED_SITES_LIMIT);
  return knownSites(
    known.map(([domain]) => domain),
    confusables,
  );
}
