import type { ShownLabel } from "../url-display.ts";
import type { UrlKnowledge } from "../url-knowledge.ts";
import type { Confusables } from "../data/confusables.ts";
import type { KnownSites } from "./known-sites.ts";
import { looksLikeItself, skeletons } from "./skeleton.ts";

/**
 * Objects to a host in Unicode that looks like a site that the user visits, or like a well-known one, and is another.
 *
 * @param ascii the host, and `labels` the same host as it would be shown.
 * @returns the domain that it looks like.
 */
export function knownSiteLookAlike(
  ascii: string,
  labels: readonly ShownLabel[],
  { confusables, visited, wellKnown }: UrlKnowledge,
): string | undefined {
  if (confusables === undefined || (visited ?? wellKnown) === undefined) return undefined;
  const looks = looksOfEnds(labels, confusables);
  for (const sites of [visited, wellKnown]) {
    if (sites === undefined) continue;
    const found = firstOf(looks, sites);
    if (found !== undefined && !belongsTo(ascii, found) && !isOneOf(ascii, sites)) return found;
  }
  return undefined;
}

function firstOf(looks: readonly string[], { bySkeleton }: KnownSites): string | undefined {
  for (const look of looks) {
    const found = bySkeleton.get(look);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What the ends of a host look like, from four labels down to two of them. */
function looksOfEnds(labels: readonly ShownLabel[], confusables: Confusables): readonly string[] {
  const names = labels.filter(({ shown }) => shown !== "");
  const last = names.length - 1;
  let end = names[last]?.shown ?? "";
  let looks: readonly string[] = [];
  let all = looks;
  for (const { shown } of names.slice(Math.max(0, last - 3), Math.max(0, last)).reverse()) {
    end = `${shown}.${end}`;
    // Before an end whose looks are known, a plain label adds itself, and changes nothing of what follows.
    if (looks.length > 0 && looksLikeItself(shown)) looks = looks.map((look) => `${shown}.${look}`);
    else looks = skeletons(end, confusables);
    all = [...looks, ...all];
  }
  return all;
}

function isOneOf(host: string, sites: KnownSites): boolean {
  for (let name = host; name !== ""; name = name.slice(name.indexOf(".") + 1)) {
    if (sites.domains.has(name)) return true;
    if (!name.includes(".")) return false;
  }
  return false;
}

function belongsTo(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
