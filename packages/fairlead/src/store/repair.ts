import type { StoreWarning } from "@fairlead/store";
import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";
import { collectionsOf, openChosen } from "./open.ts";
import { printLines, printObject } from "./page.ts";
import type { StoreRequest } from "./request.ts";
import { storeExists } from "./store-exists.ts";

/** Mends what may be mended: who can read the store's files, and what can be saved of damaged ones. */
export async function repair({ store: choice, json }: StoreRequest, surroundings: Surroundings): Promise<number> {
  const { stdout } = surroundings;
  if (!storeExists(choice.url)) throw new ArgumentsError(`there is no store ${choice.url}`);
  const warnings: StoreWarning[] = [];
  await using store = await openChosen(choice, surroundings, { repair: true, onWarning: (one) => warnings.push(one) });
  // Records are looked at when their collection is opened.
  for (const collection of collectionsOf(store)) Array.from(collection.entries());
  await store.flush();
  if (json) {
    const mended = warnings.map(({ type, collection = null, message }) => ({ type, collection, message }));
    printObject(stdout, { store: store.url, mended });
    return exitCodes.ok.code;
  }
  const lines = warnings.map(({ collection, message }) =>
    printable(collection === undefined ? message : `${collection}: ${message}`),
  );
  printLines(stdout, lines.length === 0 ? [`Nothing is to be mended in ${printable(store.url)}.`] : lines);
  return exitCodes.ok.code;
}
