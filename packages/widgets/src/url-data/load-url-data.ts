import { unpackConfusables } from "../url/data/confusables.ts";
import { unpackIdentifierStatus } from "../url/data/identifier-status.ts";
import { unpackPublicSuffixes } from "../url/data/public-suffixes.ts";
import { knownSites } from "../url/idn/known-sites.ts";
import type { UrlData } from "../url/url-knowledge.ts";

/**
 * Loads what the URL display rules need beside the platform: public suffixes, confusables, Identifier_Status, well-known
 * sites. 47 KB compressed and some 30 ms, once; until then the rules keep to the safe side.
 */
export function loadUrlData(): Promise<UrlData> {
  return publishedUrlData.load();
}

/** The data of a program, unpacked when they are first asked for: what never changes, every part of it shares. */
class PublishedUrlData {
  #loading: Promise<UrlData> | undefined;

  load(): Promise<UrlData> {
    this.#loading ??= unpack();
    return this.#loading;
  }
}

const publishedUrlData = new PublishedUrlData();

async function unpack(): Promise<UrlData> {
  const [suffixes, confusing, status, wellKnown] = await Promise.all([
    import("./public-suffixes.ts"),
    import("./confusables.ts"),
    import("./identifier-status.ts"),
    import("./well-known-sites.ts"),
  ]);
  const confusables = unpackConfusables(confusing.packedConfusables);
  return {
    publicSuffixes: unpackPublicSuffixes(suffixes.packedPublicSuffixes),
    identifierStatus: unpackIdentifierStatus(status.packedIdentifierStatus),
    confusables,
    wellKnown: knownSites(wellKnown.wellKnownSites, confusables),
  };
}
