import { isCollectionName, readerOf } from "@fairlead/access/memory";
import { StoreError } from "@fairlead/core";
import type { Store, StoreWarning } from "@fairlead/store";
import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodeOf, exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";
import { formatBytes } from "../terminal/quantities.ts";
import { formatTable } from "../terminal/table.ts";
import { collectionsOf, isEncrypted, openChosen } from "./open.ts";
import { count, layoutOf, printLines, printObject } from "./page.ts";
import type { StoreRequest } from "./request.ts";
import { filesOf, type StoreFile } from "./store-files.ts";
import { storeExists } from "./store-exists.ts";

/** Tells whether a store is whole, private and encrypted, and how large it is. Changes nothing that opening would not. */
export async function check(request: StoreRequest, surroundings: Surroundings): Promise<number> {
  const { stdout } = surroundings;
  const { store: choice, json } = request;
  if (!storeExists(choice.url)) throw new ArgumentsError(`there is no store ${choice.url}`);
  try {
    const found = await examine(request, surroundings);
    if (json) printObject(stdout, found);
    else printLines(stdout, page(found, layoutOf(stdout)));
    return found.ok ? exitCodes.ok.code : exitCodes.store.code;
  } catch (error) {
    if (json && error instanceof StoreError) {
      const { code, peer, remedy, message } = error;
      printObject(stdout, { ok: false, store: peer ?? null, error: { code, remedy, message } });
      return exitCodeOf(error);
    }
    throw error;
  }
}

interface Findings {
  readonly ok: boolean;
  readonly store: string;
  readonly engine: string;
  readonly encrypted: boolean;
  readonly files: readonly StoreFile[];
  readonly collections: readonly {
    readonly name: string;
    readonly records: number;
    readonly bytes: number;
    /** Records that no manager could have written. */
    readonly unsound: number;
  }[];
  readonly warnings: readonly { readonly type: StoreWarning["type"]; readonly message: string }[];
}

async function examine({ store: choice }: StoreRequest, surroundings: Surroundings): Promise<Findings> {
  const warnings: StoreWarning[] = [];
  await using store = await openChosen(choice, surroundings, { onWarning: (warning) => warnings.push(warning) });
  const collections = collectionsOf(store).map((collection) => {
    const records = [...collection.entries()];
    const { isSound } = readerOf(collection.name);
    const isKnown = isCollectionName(collection.name);
    return {
      name: collection.name,
      records: records.length,
      bytes: records.reduce((sum, { key, value }) => sum + Buffer.byteLength(key) + value.length, 0),
      unsound: isKnown ? records.filter((record) => !isSound(record)).length : 0,
    };
  });
  return {
    ok: warnings.length === 0 && collections.every(({ unsound }) => unsound === 0),
    store: store.url,
    engine: engineOf(store),
    encrypted: isEncrypted(store),
    files: filesOf(store.url),
    collections,
    warnings: warnings.map(({ type, message }) => ({ type, message })),
  };
}

function engineOf({ url }: Store): string {
  const scheme = url.slice(0, url.indexOf(":"));
  return scheme.startsWith("redis") ? "redis" : scheme;
}

function page(found: Findings, layout: ReturnType<typeof layoutOf>): string[] {
  const { store, engine, encrypted, files, collections, warnings } = found;
  const unsound = collections.reduce((sum, one) => sum + one.unsound, 0);
  const records = collections.reduce((sum, one) => sum + one.records, 0);
  const bytes = collections.reduce((sum, one) => sum + one.bytes, 0);
  const facts: (readonly [string, string])[] = [
    ["engine", engine === "redis" ? "answers" : `${engine}, schema up to date`],
    ["private", files.length === 0 ? "as the engine has it" : "yes, to this user alone"],
    ["encrypted", encrypted ? "yes" : "no; --store-key encrypts it"],
    ["records", `${count(records)} of ${formatBytes(bytes)} in ${count(collections.length, "collection")}`],
    ["sound", unsound === 0 ? "yes, all" : `${count(unsound)} not; managers pass over them`],
    ...warnings.map(({ type, message }) => [type, message] as const),
  ];
  const table = formatTable(
    [{ heading: "CHECK" }, { heading: "FOUND" }],
    facts.map(([name, what]) => [printable(name), printable(what)]),
    layout,
  );
  const fileTable = formatTable(
    [{ heading: "FILE", shrinks: true }, { heading: "MODE" }, { heading: "SIZE", align: "right" }],
    files.map(({ path, mode, sizeBytes }) => [
      printable(path),
      mode,
      sizeBytes === undefined ? "" : formatBytes(sizeBytes),
    ]),
    layout,
  );
  return [`Store ${printable(store)}`, "", ...table, ...(files.length === 0 ? [] : ["", ...fileTable])];
}
