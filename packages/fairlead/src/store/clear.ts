import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";
import { askYesOrNo, canAsk } from "../terminal/question.ts";
import { collectionsOf, openExisting } from "./open.ts";
import { count, printLines, printObject } from "./page.ts";
import type { StoreRequest } from "./request.ts";
import { openResponses } from "./responses.ts";

/** Forgets everything, or everything in one collection; asks first. */
export async function clear(request: StoreRequest, surroundings: Surroundings): Promise<number> {
  const { operand: wanted, yes, json } = request;
  const { stdout } = surroundings;
  await using store = await openExisting(request.store, surroundings);
  const cleared = collectionsOf(store, wanted);
  await using responses = wanted === undefined ? await openResponses(store) : undefined;
  const forgotten = cleared.reduce((sum, { size }) => sum + size, 0) + (responses?.cache?.usage().entries ?? 0);
  const where = wanted === undefined ? "the store" : printable(wanted);
  if (forgotten > 0 && !yes) {
    if (!canAsk(surroundings)) throw new ArgumentsError("clear needs --yes where there is no terminal to ask on");
    if (!(await askYesOrNo(`Forget all ${count(forgotten)} in ${where}?`, surroundings))) {
      if (json) printObject(stdout, { store: request.store.url, forgotten: 0 });
      else printLines(stdout, ["Nothing was forgotten."]);
      return exitCodes.ok.code;
    }
  }
  for (const collection of cleared) collection.clear();
  responses?.cache?.clear();
  if (json) printObject(stdout, { store: request.store.url, forgotten });
  else {
    printLines(stdout, [
      forgotten === 0 ? `Nothing is remembered in ${where}.` : `Forgot ${count(forgotten)} in ${where}.`,
    ]);
  }
  return exitCodes.ok.code;
}
