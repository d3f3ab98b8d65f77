import { StoreError } from "@fairlead/core";

/** What has the key of a store. A generation is one key in the life of a store: changing the key begins another. */
export interface KeySource {
  readonly type: "keyring" | "given";
  /**
   * The key of a generation. Where only one key is known, it is that one, whatever the generation: whether it is the right
   * one is for the caller to see.
   *
   * @returns 32 bytes; `undefined` when it is sure that there is no such key.
   * @throws StoreError STORE_KEY_UNAVAILABLE when nobody can tell, STORE_KEY_INVALID.
   */
  read(generation: string): Promise<Uint8Array | undefined>;
  /** The key that a new generation is to have; a keyring has it for good when this resolves. Throws what `read` throws. */
  create(generation: string): Promise<Uint8Array>;
  /** The generation is over. Never rejects: what is left behind opens nothing any more. */
  forget(generation: string): Promise<void>;
}

/** Length of a key. */
export const KEY_BYTES = 32;

/**
 * Makes sure that it is a key.
 *
 * @throws StoreError STORE_KEY_INVALID, which tells the length and nothing else.
 */
export function assertKey(bytes: unknown, peer: string, detail = "the key"): asserts bytes is Uint8Array {
  if (!(bytes instanceof Uint8Array)) {
    throw new StoreError("STORE_KEY_INVALID", { peer, operation: "open", detail: `${detail} is no Uint8Array` });
  }
  if (bytes.length !== KEY_BYTES) {
    const length = `${detail} has ${String(bytes.length)} bytes`;
    throw new StoreError("STORE_KEY_INVALID", { peer, operation: "open", detail: length });
  }
  // What a failed read or an unset buffer looks like.
  if (bytes.every((byte) => byte === 0)) {
    throw new StoreError("STORE_KEY_INVALID", { peer, operation: "open", detail: `${detail} is all zeros` });
  }
}
