import type { Visit } from "../visit.ts";

/** A visit made ready to be searched. */
export interface Remembered {
  readonly visit: Visit;
  /** Canonical, without user information and without fragment. */
  readonly url: string;
  /** What a person begins to type: host and port without `www.`. */
  readonly host: string;
  /** `host`, path and query. */
  readonly address: string;
  /** What words are looked for in: `address` and the title, in lower case. */
  readonly addressWords: string;
  readonly titleWords: string;
}

/** More visits than these are not searched: the first ones that are given count. */
export const REMEMBERED_LIMIT = 20_000;

/**
 * Makes a history ready to be searched: the latest visit of each URL, without those that are no `http` or `https` URL. It
 * is done once for each history, not for each letter.
 */
export function rememberVisits(history: readonly Visit[]): readonly Remembered[] {
  const byUrl = new Map<string, Remembered>();
  for (const visit of history.slice(0, REMEMBERED_LIMIT)) {
    const url = URL.parse(visit.url);
    if (url === null || !/^https?:$/u.test(url.protocol)) continue;
    // A URL is written anew by each change: most need none.
    if (url.username !== "") url.username = "";
    if (url.password !== "") url.password = "";
    if (visit.url.includes("#")) url.hash = "";
    const known = byUrl.get(url.href);
    if (known !== undefined && known.visit.lastVisit >= visit.lastVisit) continue;
    const host = url.host.replace(/^www\./u, "");
    const address = `${host}${url.pathname}${url.search}`;
    const addressWords = address.toLowerCase();
    const titleWords = (visit.title ?? "").slice(0, 256).toLowerCase();
    byUrl.set(url.href, { visit, url: url.href, host, address, addressWords, titleWords });
  }
  return [...byUrl.values()];
}
