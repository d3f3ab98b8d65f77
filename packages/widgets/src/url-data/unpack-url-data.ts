import { unpackConfusables } from "../url/data/confusables.ts";
import { unpackIdentifierStatus } from "../url/data/identifier-status.ts";
import { unpackPublicSuffixes } from "../url/data/public-suffixes.ts";
import { knownSites } from "../url/idn/known-sites.ts";
import { labelPolicy } from "../url/idn/label-policy.ts";
import type { UrlData } from "../url/url-knowledge.ts";
import { packedConfusables } from "./confusables.ts";
import { packedIdentifierStatus } from "./identifier-status.ts";
import { packedPublicSuffixes } from "./public-suffixes.ts";
import { wellKnownSites } from "./well-known-sites.ts";

/** Unpacks all data: some 30 ms. Whoever imports this has them with it. */
export function unpackUrlData(): UrlData {
  const confusables = unpackConfusables(packedConfusables);
  return {
    publicSuffixes: unpackPublicSuffixes(packedPublicSuffixes),
    labelPolicy: labelPolicy(unpackIdentifierStatus(packedIdentifierStatus)),
    confusables,
    wellKnown: knownSites(wellKnownSites, confusables),
  };
}
