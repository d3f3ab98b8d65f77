import { openCollection } from "@fairlead/access/memory";
import { decodeLoginRecord, encodeLoginRecord, loginKey, type LoginRecord } from "@fairlead/http/authentication";
import type { Store } from "@fairlead/store";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Which logins are meant; of what is not said, all. */
export interface LoginChoice {
  readonly issuer?: string | undefined;
  readonly account?: string | undefined;
}

/** The logins that a store has, the latest first. */
export function readLogins(store: Store, { issuer, account }: LoginChoice = {}): readonly LoginRecord[] {
  // Looking is no reason to have a collection.
  if (!store.collectionNames().includes("oauth-logins")) return [];
  const records = [...openCollection(store, "oauth-logins").entries()].reverse();
  return records
    .flatMap(({ key, value }) => decodeLoginRecord(key, decoder.decode(value)) ?? [])
    .filter((record) => issuer === undefined || record.issuer === issuer)
    .filter((record) => account === undefined || record.account === account);
}

/** Keeps one in the place of what there was. */
export function keepLogin(store: Store, record: LoginRecord): void {
  openCollection(store, "oauth-logins").set(loginKey(record), encoder.encode(encodeLoginRecord(record)));
}

/** Forgets one. */
export function forgetLogin(store: Store, record: LoginRecord): void {
  openCollection(store, "oauth-logins").delete(loginKey(record));
}
