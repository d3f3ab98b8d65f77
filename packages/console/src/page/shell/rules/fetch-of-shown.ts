import type { FetchOrder, ListedTransaction } from "../../../protocol/index.ts";

/**
 * What to ask for where a URL stands in the address bar. One that was shown without its secrets, or cut, is not the one that
 * was requested: the request that it is of is made again. `undefined` where it is of none that is listed.
 */
export function fetchOfShown(url: string, own: readonly ListedTransaction[]): FetchOrder | undefined {
  if (!/REDACTED|…$|%E2%80%A6$/.test(url)) return { url };
  const repeated = own.findLast((each) => isSame(each.url, url) || isSame(each.lastUrl, url));
  return repeated && { repeat: repeated.id };
}

function isSame(shown: string, url: string): boolean {
  return shown === url || URL.parse(shown)?.href === url;
}
