import { StoreError } from "@fairlead/core";
import type { Store } from "@fairlead/store";
import { randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import { ArgumentsError } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { FileError } from "../file-error.ts";
import { isEncrypted, openChosen } from "../store/open.ts";
import { printable } from "../terminal/printable.ts";
import type { LoginPlan } from "./plan.ts";

/**
 * Opens the store that was asked for, encrypted: with the key that was named, whose file is made where there is none, or with
 * the keyring's. The caller closes it.
 *
 * @throws ArgumentsError for a store that is gone when the command ends; StoreError STORE_KEY_UNAVAILABLE where there is no
 * keyring, and what opening throws; FileError.
 */
export async function openSealed(
  { store: choice, keyFile }: Pick<LoginPlan, "store" | "keyFile">,
  surroundings: Surroundings,
): Promise<Store> {
  const { stderr } = surroundings;
  if (choice.url.startsWith("memory:")) {
    throw new ArgumentsError("a store of memory: is gone when this command ends, and the tokens with it");
  }
  if (keyFile !== undefined && (await makeKeyFile(keyFile))) {
    stderr.write(
      `Made ${printable(keyFile)}, the key of the store: name it by --store-key wherever you use the store.\n`,
    );
  }
  const store = await openChosen(choice, surroundings);
  if (isEncrypted(store)) return store;
  await store.close();
  try {
    const sealed = await openChosen({ ...choice, key: "keyring" }, surroundings);
    stderr.write("The store is encrypted from now on, with a key in your keyring.\n");
    return sealed;
  } catch (cause) {
    if (!(cause instanceof StoreError) || cause.code !== "STORE_KEY_UNAVAILABLE") throw cause;
    throw new StoreError("STORE_KEY_UNAVAILABLE", {
      peer: cause.peer,
      operation: "open",
      detail: "there is no keyring, and tokens are kept encrypted",
      remedy: "name a key by --store-key file:PATH, which is made where there is none, or set FAIRLEAD_STORE_KEY",
      cause,
    });
  }
}

/** Makes a key of a file that is not there. @returns whether it did. */
async function makeKeyFile(path: string): Promise<boolean> {
  try {
    await using file = await open(path, "wx", 0o600);
    await file.writeFile(`${randomBytes(32).toString("hex")}\n`);
    await file.sync();
    return true;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") return false;
    throw new FileError(`make ${path}`, cause);
  }
}
