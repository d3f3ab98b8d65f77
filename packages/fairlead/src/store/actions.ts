import type { NetworkAccessManager } from "@fairlead/access";
import { canonicalHost, COLLECTIONS, isAbout, isCollectionName, readerOf } from "@fairlead/access/memory";
import { existsSync } from "node:fs";
import { isIPv6 } from "node:net";
import { openStore, type Collection, type CollectionOptions, type Store, type StoreWarning } from "@fairlead/store";
import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable, printableJson } from "../terminal/printable.ts";
import { formatMoment } from "../terminal/quantities.ts";
import { askYesOrNo, canAsk } from "../terminal/question.ts";
import { paintFor } from "../terminal/style.ts";
import { formatTable, type Column } from "../terminal/table.ts";
import { shorten, widthOf } from "../terminal/width.ts";
import { storeExists } from "./store-exists.ts";
import { tellWarning } from "./warning.ts";

/** What `fairlead store` was asked to do. */
export interface StoreRequest {
  readonly action: "list" | "show" | "forget" | "clear";
  /** A collection, or a host or key to forget. */
  readonly name: string | undefined;
  readonly storeUrl: string;
  readonly json: boolean;
  readonly yes: boolean;
}

/** Carries out `fairlead store`. @returns the exit code. */
export async function runStoreAction(request: StoreRequest, surroundings: Surroundings): Promise<number> {
  // Looking is no reason to create a store.
  const url = storeExists(request.storeUrl) ? request.storeUrl : "memory:";
  const onWarning = (warning: StoreWarning): void => tellWarning(warning, surroundings.stderr);
  await using store = await openStore(url, { onWarning });
  switch (request.action) {
    case "list":
      list(store, request, surroundings);
      break;
    case "show":
      show(store, request, surroundings);
      break;
    case "forget":
      await forget(store, request.name ?? "", surroundings);
      break;
    case "clear":
      await clear(store, request, surroundings);
      break;
  }
  return exitCodes.ok.code;
}

/** Of a collection that is not known nothing is dropped by looking at it, and its values are secrets. */
const UNKNOWN: CollectionOptions = { maxEntries: 1_000_000_000, secret: true };

function collectionsOf(store: Store): Collection[] {
  return store
    .collectionNames()
    .map((name) => store.collection(name, isCollectionName(name) ? COLLECTIONS[name] : UNKNOWN));
}

function list(store: Store, { json, storeUrl }: StoreRequest, { stdout }: Surroundings): void {
  const collections = collectionsOf(store).map((collection) => {
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
  if (json) {
    const described = collections.map((one) => ({ ...one, nextExpiry: isoMoment(one.nextExpiry) }));
    stdout.write(`${printableJson({ store: storeUrl, collections: described })}\n`);
    return;
  }
  print(stdout, [
    `Store ${printable(storeUrl)}`,
    "",
    ...(collections.length === 0
      ? ["Nothing is remembered."]
      : formatTable(
          [
            { heading: "COLLECTION" },
            { heading: "RECORDS", align: "right" },
            { heading: "NEXT TO EXPIRE" },
            { heading: "HOLDS", shrinks: true },
          ],
          collections.map(({ name, records, nextExpiry, holds }) => [
            name,
            records.toString(),
            formatExpiry(nextExpiry),
            holds,
          ]),
          layout(stdout),
        )),
  ]);
}

/** Keys behind other columns are hashes; more of them tells a person nothing. */
const KEY_WIDTH = 16;

function show(store: Store, { name, json, storeUrl }: StoreRequest, { stdout }: Surroundings): void {
  const shown = collectionsOf(store).filter((collection) => name === undefined || collection.name === name);
  const described = shown.map((collection) => {
    const { columns, describe } = readerOf(collection.name);
    const records = Array.from(collection.entries(), (record) => ({
      facts: describe(record),
      expiresAt: record.expiresAt,
    }));
    return { name: collection.name, columns, records };
  });
  if (json) {
    const collections = described.map(({ name: collection, records }) => ({
      name: collection,
      records: records.map(({ facts, expiresAt }) => ({ ...facts, expiresAt: isoMoment(expiresAt) })),
    }));
    stdout.write(`${printableJson({ store: storeUrl, collections })}\n`);
    return;
  }
  const pages = described.map(({ name: collection, columns, records }) => {
    const headings: Column[] = columns.map((column, index) => ({
      heading: column.toUpperCase(),
      ...(index === 0 && { shrinks: true as const }),
    }));
    const rows = records.map(({ facts, expiresAt }) => [
      ...columns.map((column, index) => {
        const text = printable(facts[column] ?? "");
        // Enough of a hash to tell records apart; JSON has all of it.
        return index > 0 && column === "key" ? shorten(text, KEY_WIDTH) : text;
      }),
      formatExpiry(expiresAt),
    ]);
    return [
      paintFor(stdout)("heading", collection),
      ...formatTable([...headings, { heading: "EXPIRES" }], rows, { ...layout(stdout), indent: "  " }),
    ];
  });
  const nothing = name === undefined ? "Nothing is remembered." : `Nothing is remembered in ${printable(name)}.`;
  print(stdout, pages.length === 0 ? [nothing] : pages.flatMap((page, index) => (index === 0 ? page : ["", ...page])));
}

async function forget(store: Store, name: string, { stdout }: Surroundings): Promise<void> {
  let forgotten = 0;
  for (const collection of collectionsOf(store)) {
    for (const record of collection.entries()) {
      if ((record.key === name || isAbout(collection.name, record, name)) && collection.delete(record.key))
        forgotten += 1;
    }
  }
  await using responses = await openResponses(store);
  forgotten += responses?.cache?.forgetHost(isIPv6(name) ? `[${name}]` : canonicalHost(name)) ?? 0;
  print(stdout, [
    forgotten === 0
      ? `Nothing is remembered of ${printable(name)}.`
      : `Forgot ${countRecords(forgotten)} of ${printable(name)}.`,
  ]);
}

async function clear(store: Store, { name, yes }: StoreRequest, surroundings: Surroundings): Promise<void> {
  const { stdout } = surroundings;
  const cleared = collectionsOf(store).filter((collection) => name === undefined || collection.name === name);
  await using responses = name === undefined ? await openResponses(store) : undefined;
  const kept = responses?.cache?.usage().entries ?? 0;
  const count = cleared.reduce((sum, { size }) => sum + size, 0) + kept;
  const where = name === undefined ? "the store" : printable(name);
  if (count === 0) {
    print(stdout, [`Nothing is remembered in ${where}.`]);
    return;
  }
  if (!yes) {
    if (!canAsk(surroundings)) throw new ArgumentsError("clear needs --yes where there is no terminal to ask on");
    if (!(await askYesOrNo(`Forget all ${countRecords(count)} in ${where}?`, surroundings))) {
      print(stdout, ["Nothing was forgotten."]);
      return;
    }
  }
  for (const collection of cleared) collection.clear();
  responses?.cache?.clear();
  print(stdout, [`Forgot ${countRecords(count)} in ${where}.`]);
}

/** Opens the responses that a manager has kept beside its store, if there are any. */
async function openResponses(store: Store): Promise<NetworkAccessManager | undefined> {
  const path = /^sqlite:(.+)$/s.exec(store.url)?.[1];
  if (path === undefined || !existsSync(`${path}.cache`)) return undefined;
  const { openNetworkAccessManager } = await import("@fairlead/access");
  return openNetworkAccessManager({ store });
}

function countRecords(count: number): string {
  return count === 1 ? "1 record" : `${count} records`;
}

function formatExpiry(expiresAt: number | undefined): string {
  return expiresAt === undefined ? "never" : formatMoment(expiresAt);
}

function isoMoment(milliseconds: number | undefined): string | null {
  if (milliseconds === undefined) return null;
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function layout(stdout: Surroundings["stdout"]): Parameters<typeof formatTable>[2] {
  return { width: widthOf(stdout), paint: paintFor(stdout) };
}

function print(stdout: Surroundings["stdout"], lines: readonly string[]): void {
  stdout.write(lines.map((line) => `${line}\n`).join(""));
}
