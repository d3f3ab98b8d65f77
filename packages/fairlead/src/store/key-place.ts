import type { StoreKey } from "@fairlead/store";
import { ArgumentsError } from "../arguments.ts";
import { readKeyFile } from "./key-file.ts";

/** Holds the key of the stores that are opened without `--store-key`. */
const KEY_VARIABLE = "FAIRLEAD_STORE_KEY";

/**
 * Reads where the key of a store is: `keyring`, `env:NAME` or `file:PATH`. The key itself is never an argument, as whoever can
 * list processes can read those.
 *
 * @throws ArgumentsError, which does not quote what was given: it may be the key.
 */
export function parseKeyPlace(option: string, text: string): StoreKey {
  if (text === "keyring") return "keyring";
  const [, type, rest = ""] = /^(env|file):(.+)$/s.exec(text) ?? [];
  if (type === "file") return () => readKeyFile(rest);
  if (type === "env" && /^[A-Za-z_]\w*$/.test(rest)) return { environment: rest };
  throw new ArgumentsError(`${option} takes keyring, env:NAME or file:PATH; the key itself is never given here`);
}

/** The key that an option names, or else the environment; `undefined` where neither does. */
export function chooseKey(
  option: string,
  text: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): StoreKey | undefined {
  if (text !== undefined) return parseKeyPlace(option, text);
  return (env[KEY_VARIABLE] ?? "") === "" ? undefined : { environment: KEY_VARIABLE };
}
