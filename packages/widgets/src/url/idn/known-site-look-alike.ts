import type { UrlKnowledge } from "../url-knowledge.ts";
import type { Confusables } from "../data/confusables.ts";
import type { KnownSites } from "./known-sites.ts";
import { skeletons } from "./skeleton.ts";

/**
 * Objects to a host in Unicode that looks like a site that the user visits, or like a well-known one, and is another.
 *
 * @param ascii the host, and `unicode` the same host as it would be shown.
 * @returns the domain that it looks like.
 */
export function knownSiteLookAlike(ascii: string, unicode: string, knowledge: UrlKnowledge): string | undefined {
  const { confusables, visited, wellKnown } = knowledge;
  if (confusables === undefined) return undefined;
  for (const sites of [visited, wellKnown]) {
    if (sites === undefined || isOneOf(ascii, sites)) continue;
    const found = suffixLooksLike(unicode, sites, confusables);
    if (found !== undefined && !belongsTo(ascii, found)) return found;
  }
  return undefined;
}

/** What a host looks like is compared from its end, label by label, down to two of them. */
function suffixLooksLike(unicode: string, sites: KnownSites, confusables: Confusables): string | undefined {
  const labels = unicode
    .split(".")
    .filter((label) => label !== "")
    .slice(-4);
  for (; labels.length >= 2; labels.shift()) {
    for (const skeleton of skeletons(labels.join("."), confusables)) {
      const found = sites.bySkeleton.get(skeleton);
      if (found !== undefined) return found;
    }
  }
  return undefined;
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
