import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";
import { askYesOrNo, canAsk } from "../terminal/question.ts";
import { formatTable } from "../terminal/table.ts";
import { collectionsOf, openChosen, openCollection } from "./open.ts";
import { count, layoutOf, printLines, printObject } from "./page.ts";
import type { StoreChoice, StoreRequest } from "./request.ts";
import { storeExists } from "./store-exists.ts";

/**
 * Copies all records of one store into another; those that it has under the same keys are replaced. Responses that are kept
 * beside a store are not its records, and stay where they are.
 */
export async function copy(request: StoreRequest, surroundings: Surroundings): Promise<number> {
  const { stdout } = surroundings;
  const { store: from, target: to } = request;
  if (to === undefined) throw new ArgumentsError("copy needs FROM and TO");
  for (const { url } of [from, to])
    if (isMemory(url)) throw new ArgumentsError("memory: keeps nothing; name a store that does");
  if (from.url === to.url) throw new ArgumentsError("FROM and TO are the same store");
  if (!storeExists(from.url)) throw new ArgumentsError(`there is no store ${from.url}`);
  await using source = await openChosen(from, surroundings);
  await using target = await openChosen(to, surroundings);
  if (!(await mayAdd(target.collectionNames().length, to, request.yes, surroundings))) {
    printLines(stdout, ["Nothing was copied."]);
    return exitCodes.ok.code;
  }

  const copied = collectionsOf(source).map((collection) => {
    const into = openCollection(target, collection.name);
    let records = 0;
    for (const { key, value, expiresAt } of collection.entries()) {
      into.set(key, value, { expiresAt });
      records += 1;
    }
    return { name: collection.name, records };
  });
  // What cannot be written is told now, and not by a process that ends.
  await target.flush();
  if (request.json) {
    printObject(stdout, { from: from.url, to: to.url, collections: copied });
    return exitCodes.ok.code;
  }
  const sum = copied.reduce((all, { records }) => all + records, 0);
  const table = formatTable(
    [{ heading: "COLLECTION" }, { heading: "RECORDS", align: "right" }],
    copied.map(({ name, records }) => [printable(name), records.toString()]),
    layoutOf(stdout),
  );
  printLines(stdout, [...(sum === 0 ? [] : [...table, ""]), `Copied ${count(sum)} to ${printable(to.url)}.`]);
  return exitCodes.ok.code;
}

async function mayAdd(
  collections: number,
  { url }: StoreChoice,
  yes: boolean,
  surroundings: Surroundings,
): Promise<boolean> {
  if (collections === 0 || yes) return true;
  if (!canAsk(surroundings)) throw new ArgumentsError(`${url} holds records already; --yes adds to them`);
  return askYesOrNo(`${printable(url)} holds records already. Add to them?`, surroundings);
}

function isMemory(url: string): boolean {
  return /^memory:/i.test(url);
}
