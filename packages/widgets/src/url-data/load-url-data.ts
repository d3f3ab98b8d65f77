import type { UrlData } from "../url/url-knowledge.ts";

/**
 * Loads what the URL display rules need beside the platform: public suffixes, confusables, well-known sites, and the policy
 * on labels. 49 KB compressed and some 30 ms, once; until then the rules keep to the safe side.
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
  const { unpackUrlData } = await import("./unpack-url-data.ts");
  return unpackUrlData();
}
