import { loadUrlData } from "../../src/url-data/load-url-data.ts";
import { knownSites, type UrlData } from "../../src/url/index.ts";

/** The published data, with other well-known sites. */
export async function dataWithSites(domains: readonly string[]): Promise<UrlData> {
  const data = await loadUrlData();
  return { ...data, wellKnown: knownSites(domains, data.confusables) };
}
