import { readerOf } from "@fairlead/access/memory";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";
import { paintFor } from "../terminal/style.ts";
import { formatTable, type Column } from "../terminal/table.ts";
import { shorten } from "../terminal/width.ts";
import { collectionsOf, openExisting } from "./open.ts";
import { formatExpiry, isoMoment, layoutOf, printLines, printObject } from "./page.ts";
import type { StoreRequest } from "./request.ts";

/** Keys behind other columns are hashes; more of them tells a person nothing. */
const KEY_WIDTH = 16;

/** Tells what is in the collections; of secrets, that they are there. */
export async function show(request: StoreRequest, surroundings: Surroundings): Promise<number> {
  const { stdout } = surroundings;
  const { operand: wanted } = request;
  await using opened = await openExisting(request.store, surroundings);
  const { store, url } = opened;
  const described = collectionsOf(store, wanted).map((collection) => {
    const { name } = collection;
    const { columns, describe } = readerOf(name);
    const records = Array.from(collection.entries(), (record) => ({ ...record, facts: describe(record) }));
    return { name, columns, records };
  });
  if (request.json) {
    const collections = described.map(({ name, records }) => ({
      name,
      records: records.map(({ facts, expiresAt, writtenAt }) => ({
        ...facts,
        writtenAt: isoMoment(writtenAt === 0 ? undefined : writtenAt),
        expiresAt: isoMoment(expiresAt),
      })),
    }));
    printObject(stdout, { store: url, collections });
    return exitCodes.ok.code;
  }
  const pages = described.map(({ name, columns, records }) => {
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
      paintFor(stdout)("heading", printable(name)),
      ...formatTable([...headings, { heading: "EXPIRES" }], rows, { ...layoutOf(stdout), indent: "  " }),
    ];
  });
  const nothing = wanted === undefined ? "Nothing is remembered." : `Nothing is remembered in ${printable(wanted)}.`;
  const lines = pages.flatMap((page, index) => (index === 0 ? page : ["", ...page]));
  printLines(stdout, lines.length === 0 ? [nothing] : lines);
  return exitCodes.ok.code;
}
