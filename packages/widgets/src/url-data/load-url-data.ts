import type { UrlData } from "../url/index.ts";

/**
 * Loads what the URL display rules need beside the platform: public suffixes, confusables, Identifier_Status, well-known
 * sites. 47 KB compressed and some 30 ms, once; until then the rules keep to the safe side.
 */
export function loadUrlData(): Promise<UrlData> {
  loading ??= load();
  return loading;
}

/** Immutable data, which every part of a program shares. */
let loading: Promise<UrlData> | undefined;

async function load(): Promise<UrlData> {
  const [rules, suffixes, confusing, status, wellKnown] = await Promise.all([
    import("../url/index.ts"),
    import("./public-suffixes.ts"),
    import("./confusables.ts"),
    import("./identifier-status.ts"),
    import("./well-known-sites.ts"),
  ]);
  const confusables = rules.unpackConfusables(confusing.packedConfusables);
  return {
    publicSuffixes: rules.unpackPublicSuffixes(suffixes.packedPublicSuffixes),
    identifierStatus: rules.unpackIdentifierStatus(status.packedIdentifierStatus),
    confusables,
    wellKnown: rules.knownSites(wellKnown.wellKnownSites, confusables),
  };
}
