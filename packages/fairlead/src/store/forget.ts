import { canonicalHost, forgetMemory, type ForgottenCounts } from "@fairlead/access/memory";
import { siteHost } from "@fairlead/http/site";
import type { Store } from "@fairlead/store";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";
import { formatMoment } from "../terminal/quantities.ts";
import { addCounts, countsPage, describeCounts, type Counts } from "./counts.ts";
import { collectionsOf, openExisting } from "./open.ts";
import { layoutOf, printLines, printObject } from "./page.ts";
import type { StoreRequest } from "./request.ts";
import { openResponses } from "./responses.ts";

/** Forgets all that is remembered of a host's site, or of a time, or of both; or the record of one key. */
export async function forget(request: StoreRequest, surroundings: Surroundings): Promise<number> {
  const { operand: name, since, until, json } = request;
  const { stdout } = surroundings;
  const site = name === undefined ? undefined : siteOf(name);
  await using opened = await openExisting(request.store, surroundings);
  const { store, url } = opened;
  const isTimed = since !== undefined || until !== undefined;
  const byKey = name === undefined || isTimed ? {} : forgetKey(store, name);
  const byScope = name !== undefined && site === undefined ? {} : await forgetScope(store, { site, since, until });
  // What cannot be written is told now, and not by a process that ends.
  await store.flush();

  const counts = addCounts(byKey, byScope);
  const described = describeCounts(counts);
  if (json) {
    printObject(stdout, { store: url, site: site ?? null, ...described });
    return exitCodes.ok.code;
  }
  const what = [
    ...(name === undefined ? [] : [`of ${printable(site ?? name)}`]),
    ...(since === undefined ? [] : [`since ${formatMoment(since)}`]),
    ...(until === undefined ? [] : [`until ${formatMoment(until)}`]),
  ].join(" ");
  if (described.records === 0) printLines(stdout, [`Nothing is remembered ${what}.`]);
  else printLines(stdout, countsPage("Forgot", counts, what, layoutOf(stdout)));
  return exitCodes.ok.code;
}

/** @returns `undefined` for what is no host, and no URL of one. */
function siteOf(name: string): string | undefined {
  const host = name.includes("://") ? (URL.parse(name)?.hostname ?? "") : canonicalHost(name);
  return host === "" ? undefined : siteHost(host);
}

function forgetKey(store: Store, key: string): Counts {
  const counts: Record<string, number> = {};
  for (const collection of collectionsOf(store)) if (collection.delete(key)) counts[collection.name] = 1;
  return counts;
}

interface Scope {
  readonly site: string | undefined;
  readonly since: number | undefined;
  readonly until: number | undefined;
}

/** Kept responses need the manager that keeps them; where there are none, it need not be loaded. */
async function forgetScope(store: Store, { site, since, until }: Scope): Promise<ForgottenCounts> {
  const request = {
    site,
    ...(since !== undefined && { since: new Date(since) }),
    ...(until !== undefined && { until: new Date(until) }),
  };
  await using manager = await openResponses(store);
  if (manager !== undefined) return await manager.forget(request);
  return await forgetMemory(store, request);
}
