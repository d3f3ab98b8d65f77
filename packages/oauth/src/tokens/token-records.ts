import {
  decodeTokenRecord,
  encodeTokenRecord,
  tokenKey,
  type TokenOwner,
  type TokenRecord,
} from "@fairlead/http/authentication";
import { openCollection } from "@fairlead/access/memory";
import type { Collection, Store } from "@fairlead/store";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The two records of one owner. The one is read by everybody; the other, which says the same, is taken by whoever renews the
 * tokens, and stands there again with the new ones: so nobody renews tokens that have been renewed.
 */
export class TokenRecords {
  readonly #store: Store;
  readonly #records: Collection;
  readonly #keys: { readonly tokens: string; readonly turn: string };
  readonly #takesBound: boolean;
  #read: { readonly value: Uint8Array; readonly record: TokenRecord | undefined } | undefined;

  /** @param takesBound whether tokens are used that are bound to a key; otherwise they are as good as none. */
  constructor(store: Store, owner: TokenOwner, takesBound: boolean) {
    this.#takesBound = takesBound;
    this.#store = store;
    this.#records = openCollection(store, "oauth-tokens");
    this.#keys = { tokens: tokenKey(owner, "tokens"), turn: tokenKey(owner, "turn") };
  }

  /** What is there; `undefined` for nothing, and for what is damaged. */
  get current(): TokenRecord | undefined {
    const stored = this.#records.get(this.#keys.tokens);
    if (stored === undefined) return undefined;
    const read = this.#read?.value === stored.value ? this.#read : undefined;
    if (read !== undefined) return read.record;
    const record = this.#decode("tokens", stored);
    this.#read = { value: stored.value, record };
    return record;
  }

  /** Writes both, behind. */
  write(record: TokenRecord): void {
    const { expiresAt, refreshToken, idToken } = record.tokens;
    const bytes = encoder.encode(encodeTokenRecord(record));
    // Nothing can be done with them after that.
    const options = refreshToken === undefined && idToken === undefined ? { expiresAt } : {};
    for (const key of [this.#keys.tokens, this.#keys.turn]) this.#records.set(key, bytes, options);
  }

  /** Deletes both, behind. */
  delete(): void {
    for (const key of [this.#keys.tokens, this.#keys.turn]) this.#records.delete(key);
  }

  /** Takes the turn, with what is to be renewed; `undefined` where somebody else has it. */
  async takeTurn(): Promise<TokenRecord | undefined> {
    const taken = await this.#records.take(this.#keys.turn);
    return taken && this.#decode("turn", taken);
  }

  /** @throws StoreError STORE_WRITE_FAILED */
  flush(): Promise<void> {
    return this.#store.flush();
  }

  #decode(which: "tokens" | "turn", { value }: { readonly value: Uint8Array }): TokenRecord | undefined {
    const record = decodeTokenRecord(this.#keys[which], decoder.decode(value));
    return this.#takesBound || record?.proofKey === undefined ? record : undefined;
  }
}
