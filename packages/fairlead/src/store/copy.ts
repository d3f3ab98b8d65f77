import { ArgumentsError } from "../arguments.ts";
import type { Store } from "@fairlead/store";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";
import { askYesOrNo, canAsk } from "../terminal/question.ts";
import { countsPage, describeCounts } from "./counts.ts";
import { collectionsOf, isEncrypted, openChosen, openCollection } from "./open.ts";
import { layoutOf, printLines, printObject } from "./page.ts";
import type { StoreRequest } from "./request.ts";
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
  if (!(await mayCopy(source, target, request.yes, surroundings))) {
    printLines(stdout, ["Nothing was copied."]);
    return exitCodes.ok.code;
  }

  const copied: Record<string, number> = {};
  for (const collection of collectionsOf(source)) {
    const into = openCollection(target, collection.name);
    const records = [...collection.entries()];
    for (const { key, value, expiresAt, writtenAt } of records) into.set(key, value, { expiresAt, writtenAt });
    copied[collection.name] = records.length;
  }
  // What cannot be written is told now, and not by a process that ends.
  await target.flush();
  if (request.json) {
    printObject(stdout, { from: source.url, to: target.url, ...describeCounts(copied) });
    return exitCodes.ok.code;
  }
  printLines(stdout, countsPage("Copied", copied, `to ${printable(target.url)}`, layoutOf(stdout)));
  return exitCodes.ok.code;
}

/** Adds to what is there, and takes off what protects it, only when told to. */
async function mayCopy(source: Store, target: Store, yes: boolean, surroundings: Surroundings): Promise<boolean> {
  const concerns = [
    ...(target.collectionNames().length > 0 ? [`${printable(target.url)} holds records already`] : []),
    ...(isEncrypted(source) && !isEncrypted(target) ? [`${printable(target.url)} would not be encrypted`] : []),
  ];
  const [concern] = concerns;
  if (concern === undefined || yes) return true;
  if (!canAsk(surroundings)) throw new ArgumentsError(`${concern}; --yes copies all the same`);
  return askYesOrNo(`${concerns.join(", and ")}. Copy all the same?`, surroundings);
}

function isMemory(url: string): boolean {
  return /^memory:/i.test(url);
}
