import { randomBytes } from "node:crypto";
import type * as KeyringModule from "@napi-rs/keyring";
import { StoreError, UsageError } from "@fairlead/core";
import { assertKey, KEY_BYTES, type KeySource } from "./key-source.ts";

/** Which entries of the operating system's keyring are a store's. */
export interface KeyringOptions {
  /**
   * What the entries are filed under, and what a person sees; `"fairlead"` by default. Each store has an entry of its own,
   * whose user name is a random number that the store's file holds, too.
   */
  readonly service?: string | undefined;
  /** How long the keyring may take, its question for a password included; a minute by default. */
  readonly timeoutMilliseconds?: number | undefined;
}

const defaultMilliseconds = 60_000;

type Keyring = Pick<typeof KeyringModule, "AsyncEntry">;

/**
 * The keyring of the operating system: the Secret Service (GNOME Keyring, KWallet, KeePassXC), Keychain, or Credential
 * Manager. Never the kernel's keyring, which forgets when the machine restarts.
 *
 * A keyring that is locked, or that nobody answers for, is an error; only one that answers has no key.
 */
export function keyringKey(options: KeyringOptions, peer: string): KeySource {
  const { service = "fairlead", timeoutMilliseconds = defaultMilliseconds } = options;
  if (typeof service !== "string" || service === "") {
    throw new UsageError("OPTION_INVALID", { operation: "open a store", detail: "key.keyring.service" });
  }
  if (!(timeoutMilliseconds > 0)) {
    throw new UsageError("OPTION_INVALID", { operation: "open a store", detail: "key.keyring.timeoutMilliseconds" });
  }
  const ask = async <Answer>(
    generation: string,
    question: (entry: KeyringModule.AsyncEntry, signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> => {
    const { AsyncEntry } = await loadKeyring(peer);
    try {
      const entry = new AsyncEntry(service, generation, { linux: { store: "secret-service" } });
      return await withDeadline(timeoutMilliseconds, (signal) => question(entry, signal));
    } catch (cause) {
      throw unavailable(peer, cause);
    }
  };
  const read = async (generation: string): Promise<Uint8Array | undefined> => {
    const secret = await ask(generation, (entry, signal) => entry.getSecret(signal));
    // The binding answers null, or nothing at all, where there is no entry.
    if (secret === null || (secret as unknown) === undefined) return undefined;
    const bytes = Uint8Array.from(secret);
    assertKey(bytes, peer, "the keyring's entry");
    return bytes;
  };
  return {
    type: "keyring",
    read,
    async create(generation) {
      const key = new Uint8Array(randomBytes(KEY_BYTES));
      await ask(generation, (entry, signal) => entry.setSecret(key, signal));
      const kept = await read(generation);
      if (kept === undefined || Buffer.compare(kept, key) !== 0) {
        throw unavailable(peer, undefined, "it did not keep what it was given");
      }
      return key;
    },
    async forget(generation) {
      await ask(generation, (entry, signal) => entry.deleteCredential(signal)).catch(() => undefined);
    },
  };
}

async function loadKeyring(peer: string): Promise<Keyring> {
  try {
    return await import("@napi-rs/keyring");
  } catch (cause) {
    throw new StoreError("STORE_KEY_UNAVAILABLE", {
      peer,
      operation: "open",
      detail: "the package @napi-rs/keyring cannot be loaded",
      remedy: "run npm install @napi-rs/keyring, or give the key by another way",
      cause,
    });
  }
}

/** The keyring's threads cannot be stopped in the middle of an answer, so nobody waits for them. */
async function withDeadline<Answer>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const deadline = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new Error(`no answer within ${String(milliseconds)} ms`);
    late.reject(error);
    deadline.abort(error);
  }, milliseconds);
  try {
    return await Promise.race([work(deadline.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(peer: string, cause: unknown, detail?: string): StoreError {
  if (cause instanceof StoreError) return cause;
  return new StoreError("STORE_KEY_UNAVAILABLE", {
    peer,
    operation: "open",
    detail: detail ?? `the keyring: ${cause instanceof Error ? cause.message : String(cause)}`,
    cause,
  });
}
