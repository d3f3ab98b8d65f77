import { ArgumentsError } from "../arguments.ts";

/** Where the key of a store is; never the key itself, as whoever can list processes can read arguments. */
export type KeyPlace =
  | { readonly type: "keyring" }
  | { readonly type: "environment"; readonly name: string }
  | { readonly type: "file"; readonly path: string };

/**
 * Reads `keyring`, `env:NAME` or `file:PATH`.
 *
 * @throws ArgumentsError, which does not quote what was given: it may be the key.
 */
export function parseKeyPlace(option: string, text: string | undefined): KeyPlace | undefined {
  if (text === undefined) return undefined;
  if (text === "keyring") return { type: "keyring" };
  const [, type, rest = ""] = /^(env|file):(.+)$/s.exec(text) ?? [];
  if (type === "file") return { type: "file", path: rest };
  if (type === "env" && /^[A-Za-z_]\w*$/.test(rest)) return { type: "environment", name: rest };
  throw new ArgumentsError(`${option} takes keyring, env:NAME or file:PATH; the key itself is never given here`);
}
