import { opendir } from "node:fs/promises";
import { LeanResponse } from "../fetch/index.ts";
import type { Found, Root } from "./open-below.ts";
import { listingPage, type ListingEntry } from "./protocol/listing-page.ts";

/** Entries that one page shows. */
const ENTRIES_LIMIT = 1_000;

/** The page of a directory: what would be served of it, and nothing else. */
export async function listDirectory(
  root: Root,
  directory: Found,
  names: readonly string[],
  dotFiles: boolean,
): Promise<Response> {
  const entries: ListingEntry[] = [];
  let isWhole = true;
  for await (const entry of await opendir(directory.path)) {
    if (!dotFiles && entry.name.startsWith(".")) continue;
    if (entries.length === ENTRIES_LIMIT) {
      isWhole = false;
      break;
    }
    if (entry.isFile() || entry.isDirectory()) entries.push({ name: entry.name, isDirectory: entry.isDirectory() });
    else if (entry.isSymbolicLink()) {
      const found = await root.find([...names, entry.name]);
      if (found !== undefined) entries.push({ name: entry.name, isDirectory: found.stats.isDirectory() });
      found?.release();
    }
  }
  return new LeanResponse(listingPage(names, entries, isWhole), {
    fields: [
      ...["content-type", "text/html;charset=utf-8"],
      ...["content-security-policy", "default-src 'none'; base-uri 'none'; form-action 'none'"],
      ...["x-content-type-options", "nosniff"],
      ...["cache-control", "no-cache"],
    ],
  });
}
