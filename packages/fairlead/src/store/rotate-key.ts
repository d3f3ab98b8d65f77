import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { printable } from "../terminal/printable.ts";
import { collectionsOf, isEncrypted, openChosen } from "./open.ts";
import { count, printLines, printObject } from "./page.ts";
import type { StoreRequest } from "./request.ts";
import { storeExists } from "./store-exists.ts";

/** Encrypts a store anew with another key: a new one in the keyring, or the one that is named. */
export async function rotateKey(
  { store: choice, newKey, json }: StoreRequest,
  surroundings: Surroundings,
): Promise<number> {
  const { stdout } = surroundings;
  if (!storeExists(choice.url)) throw new ArgumentsError(`there is no store ${choice.url}`);
  if (newKey === undefined && choice.key !== undefined && choice.key !== "keyring") {
    throw new ArgumentsError("rotate-key needs --new-key where the keyring does not have the key");
  }
  await using store = await openChosen(choice, surroundings);
  if (!isEncrypted(store)) {
    throw new ArgumentsError("the store is not encrypted; opening it with --store-key encrypts it");
  }
  await store.rotateKey(newKey);
  const records = collectionsOf(store).reduce((sum, { size }) => sum + size, 0);
  if (json) printObject(stdout, { store: store.url, rotated: true, records });
  else printLines(stdout, [`${printable(store.url)} has a new key: ${count(records)} encrypted anew.`]);
  return exitCodes.ok.code;
}
