import type { Confusables } from "./data/confusables.ts";
import type { PublicSuffixes } from "./data/public-suffixes.ts";
import type { KnownSites } from "./idn/known-sites.ts";
import type { LabelPolicy } from "./idn/label-policy.ts";

/**
 * What the platform does not know and the rules need. All of it may be missing: then no internationalised name is shown
 * in Unicode, and the whole host stands out. `loadUrlData` of `@fairlead/widgets/url-data` gives one.
 */
export interface UrlKnowledge extends Partial<UrlData> {
  /** Sites that the user visits, which nothing else may look like. */
  readonly visited?: KnownSites;
}

/** The data that are published elsewhere, unpacked, and the rules that rest on nothing else. */
export interface UrlData {
  readonly publicSuffixes: PublicSuffixes;
  readonly labelPolicy: LabelPolicy;
  readonly confusables: Confusables;
  /** Well-known sites, which nothing else may look like. */
  readonly wellKnown: KnownSites;
}
