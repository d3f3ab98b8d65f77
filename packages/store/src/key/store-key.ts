import { UsageError } from "@fairlead/core";
import { environmentKey, givenKey } from "./given-key.ts";
import type { KeySource } from "./key-source.ts";
import { keyringKey, type KeyringOptions } from "./keyring.ts";

/**
 * Where the 32 bytes are that a store is encrypted with.
 *
 * - `"keyring"`: the operating system's keyring keeps a random key for this store; it is made when there is none yet.
 * - Bytes: the key itself, 256 bits of a random source. A password is none.
 * - `environment`: the name of a variable that holds the key, as 64 hexadecimal digits or as base64.
 * - A function: the application's own way, such as Electron's `safeStorage`. It is asked again when another process has
 *   changed the key.
 */
export type StoreKey =
  | "keyring"
  | Uint8Array
  | { readonly keyring: KeyringOptions }
  | { readonly environment: string }
  | (() => Promise<Uint8Array>);

/**
 * Finds where a key is. Nothing is asked yet.
 *
 * @param peer the store's URL, for errors.
 * @throws UsageError OPTION_INVALID; StoreError STORE_KEY_INVALID for bytes that are no key.
 */
export function keySource(key: StoreKey, peer: string): KeySource {
  if (key === "keyring") return keyringKey({}, peer);
  if (key instanceof Uint8Array) {
    // The caller may overwrite its own.
    const bytes = new Uint8Array(key);
    return givenKey(() => bytes, peer);
  }
  if (typeof key === "function") return givenKey(key, peer);
  // Callers without types hand over anything.
  const place = key as { readonly keyring?: KeyringOptions; readonly environment?: string } | null;
  if (typeof place === "object" && place?.keyring !== undefined) return keyringKey(place.keyring, peer);
  if (typeof place === "object" && typeof place?.environment === "string")
    return environmentKey(place.environment, peer);
  throw new UsageError("OPTION_INVALID", { operation: "open a store", detail: "key" });
}
