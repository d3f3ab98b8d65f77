import { canonicalHost, isAbout } from "@fairlead/access/memory";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";
import { collectionsOf, openExisting } from "./open.ts";
import { count, printLines, printObject } from "./page.ts";
import type { StoreRequest } from "./request.ts";
import { openResponses } from "./responses.ts";

/** Forgets all that is remembered of one host, or the record of one key. */
export async function forget(request: StoreRequest, surroundings: Surroundings): Promise<number> {
  const { stdout } = surroundings;
  const { operand: name = "" } = request;
  await using store = await openExisting(request.store, surroundings);
  let forgotten = 0;
  for (const collection of collectionsOf(store)) {
    for (const record of collection.entries()) {
      const isMeant = record.key === name || isAbout(collection.name, record, name);
      if (isMeant && collection.delete(record.key)) forgotten += 1;
    }
  }
  await using responses = await openResponses(store);
  forgotten += responses?.cache?.forgetHost(canonicalHost(name)) ?? 0;
  if (request.json) {
    printObject(stdout, { store: request.store.url, forgotten });
    return exitCodes.ok.code;
  }
  printLines(stdout, [
    forgotten === 0
      ? `Nothing is remembered of ${printable(name)}.`
      : `Forgot ${count(forgotten)} of ${printable(name)}.`,
  ]);
  return exitCodes.ok.code;
}
