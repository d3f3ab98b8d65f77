import type { DownloadOrder, ListedTransaction } from "../../../protocol/index.ts";
import { fetchOfShown } from "../../shell/rules/fetch-of-shown.ts";

/**
 * What to order where a person wants the answer to a request as a file: what GET asks for can be asked for once more.
 * `undefined` for any other request, and for one whose URL is shown without all that it held and is not the console's own.
 */
export function downloadOf(listed: ListedTransaction): DownloadOrder | undefined {
  if (listed.method !== "GET" || !/^https?:/i.test(listed.url)) return undefined;
  return fetchOfShown(listed.url, listed.isOwn ? [listed] : []);
}
