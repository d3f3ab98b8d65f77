import { readerOf } from "@fairlead/access/memory";
import type { Store } from "@fairlead/store";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";
import { formatTable } from "../terminal/table.ts";
import { collectionsOf, isEncrypted, openExisting } from "./open.ts";
import { openResponses } from "./responses.ts";
import { formatExpiry, isoMoment, layoutOf, printLines, printObject } from "./page.ts";
import type { StoreRequest } from "./request.ts";

/** Tells which collections there are, and how much is in them. */
export async function list(request: StoreRequest, surroundings: Surroundings): Promise<number> {
  const { stdout } = surroundings;
  await using opened = await openExisting(request.store, surroundings);
  const { store, url } = opened;
  const remembered: Listed[] = collectionsOf(store).map((collection) => {
    const records = [...collection.entries()];
    const expiries = records.flatMap(({ expiresAt }) => expiresAt ?? []);
    return {
      name: collection.name,
      holds: readerOf(collection.name).holds,
      secret: collection.secret,
      records: records.length,
      nextExpiry: expiries.length === 0 ? undefined : Math.min(...expiries),
    };
  });
  const collections = [...remembered, ...(await listResponses(store))];
  if (request.json) {
    const described = collections.map((one) => ({ ...one, nextExpiry: isoMoment(one.nextExpiry) }));
    printObject(stdout, { store: url, encrypted: isEncrypted(store), collections: described });
    return exitCodes.ok.code;
  }
  const table = formatTable(
    [
      { heading: "COLLECTION" },
      { heading: "RECORDS", align: "right" },
      { heading: "NEXT TO EXPIRE" },
      { heading: "HOLDS", shrinks: true },
    ],
    collections.map(({ name, records, nextExpiry, holds }) => [
      printable(name),
      records.toString(),
      formatExpiry(nextExpiry),
      holds,
    ]),
    layoutOf(stdout),
  );
  printLines(stdout, [
    `Store ${printable(url)}${isEncrypted(store) ? ", encrypted" : ""}`,
    "",
    ...(collections.length === 0 ? ["Nothing is remembered."] : table),
  ]);
  return exitCodes.ok.code;
}

interface Listed {
  readonly name: string;
  readonly holds: string;
  readonly secret: boolean;
  readonly records: number;
  readonly nextExpiry: number | undefined;
}

/** Responses are no collection of the store, but are forgotten and cleared like one. */
async function listResponses(store: Store): Promise<Listed[]> {
  await using manager = await openResponses(store);
  const records = manager?.cache?.usage().entries ?? 0;
  if (records === 0) return [];
  return [
    {
      name: "responses",
      holds: "responses that are kept for as long as they are of use",
      secret: true,
      records,
      nextExpiry: undefined,
    },
  ];
}
