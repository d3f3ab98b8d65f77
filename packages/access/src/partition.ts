import { UsageError } from "@fairlead/core";
import { siteOf } from "@fairlead/http/site";
import type { Target } from "./target.ts";

/**
 * The top-level site on whose behalf a request is made, as a browser keeps it apart from all others: `https://news.example`,
 * or empty for the application's own requests. Nothing that one partition learned is used in another.
 *
 * @see HTML Standard section 7.1.1, "site"; Fetch Standard section 2.8, "network partition keys"
 */
export type Partition = string;

/** The partition of requests that the application makes for itself. */
export const OWN_PARTITION: Partition = "";

/**
 * The partition of a top-level page.
 *
 * @throws UsageError OPTION_INVALID for what is no URL, or one without a site.
 */
export function partitionOf(topLevel: string | URL | undefined): Partition {
  if (topLevel === undefined) return OWN_PARTITION;
  const url = typeof topLevel === "string" ? URL.parse(topLevel) : topLevel;
  const site = url === null ? undefined : siteOf(url);
  if (site !== undefined) return site;
  throw new UsageError("OPTION_INVALID", { detail: "partition", remedy: "give the URL of the top-level page" });
}

/** Names what one partition keeps of one origin. */
export function originKey({ origin }: Target, partition: Partition): string {
  return partition === OWN_PARTITION ? origin : `${origin} in ${partition}`;
}
