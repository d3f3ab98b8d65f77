import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";
import { askYesOrNo, canAsk } from "../terminal/question.ts";
import { countsPage, describeCounts } from "./counts.ts";
import { collectionsOf, openExisting } from "./open.ts";
import { count, layoutOf, printLines, printObject } from "./page.ts";
import type { StoreRequest } from "./request.ts";
import { openResponses } from "./responses.ts";

/** What kept responses are called among the collections. */
const RESPONSES = "responses";

/** Forgets everything, or everything in one collection; asks first. */
export async function clear(request: StoreRequest, surroundings: Surroundings): Promise<number> {
  const { operand: wanted, json } = request;
  const { stdout } = surroundings;
  await using opened = await openExisting(request.store, surroundings);
  const { store, url } = opened;
  const cleared = collectionsOf(store, wanted);
  await using manager = wanted === undefined || wanted === RESPONSES ? await openResponses(store) : undefined;
  const counts = {
    ...Object.fromEntries(cleared.map(({ name, size }) => [name, size])),
    [RESPONSES]: manager?.cache?.usage().entries ?? 0,
  };
  const described = describeCounts(counts);
  const where = wanted === undefined ? "the store" : printable(wanted);
  const mayClear = described.records === 0 || request.yes || (await askFor(described.records, where, surroundings));
  if (mayClear) {
    for (const collection of cleared) collection.clear();
    manager?.cache?.clear();
    // What cannot be written is told now, and not by a process that ends.
    await store.flush();
  }

  if (json) printObject(stdout, { store: url, ...describeCounts(mayClear ? counts : {}) });
  else if (!mayClear) printLines(stdout, ["Nothing was forgotten."]);
  else if (described.records === 0) printLines(stdout, [`Nothing is remembered in ${where}.`]);
  else printLines(stdout, countsPage("Forgot", counts, `in ${where}`, layoutOf(stdout)));
  return exitCodes.ok.code;
}

function askFor(records: number, where: string, surroundings: Surroundings): Promise<boolean> {
  if (!canAsk(surroundings)) throw new ArgumentsError("clear needs --yes where there is no terminal to ask on");
  return askYesOrNo(`Forget all ${count(records)} in ${where}?`, surroundings);
}
