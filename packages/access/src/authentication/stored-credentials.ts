import {
  credentialKey,
  decodeCredentialKey,
  decodeCredentialRecord,
  encodeCredentialRecord,
} from "@fairlead/http/authentication";
import type { Collection, Store, StoreRecord } from "@fairlead/store";
import { openCollection } from "../memory/collections.ts";
import type { Subscriptions } from "../memory/subscriptions.ts";
import type { AskedBy } from "./asked-by.ts";
import { secretOf } from "./credentials.ts";
import { ProtectionSpace } from "./protection-space.ts";
import type { OnAuthenticate } from "./question.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Those who hear what others do to stored credentials. */
export interface CredentialListeners {
  readonly changed: (by: AskedBy, space: ProtectionSpace) => void;
  readonly gone: (by: AskedBy, asker: OnAuthenticate, realm: string) => void;
}

/** A space with what it was answered, and who asked. */
export interface StoredSpace {
  readonly by: AskedBy;
  readonly space: ProtectionSpace;
}

/**
 * Credentials that outlive the manager, because the application asked for that. They are those of its own callback: what
 * requests answer for themselves is stored for nobody.
 */
export class StoredCredentials {
  readonly #records: Collection;
  readonly #asker: OnAuthenticate;
  readonly #subscriptions: Subscriptions;

  constructor(store: Store, asker: OnAuthenticate, subscriptions: Subscriptions) {
    this.#subscriptions = subscriptions;
    this.#records = openCollection(store, "credentials");
    this.#asker = asker;
  }

  /** All that there are. */
  *recall(): Generator<StoredSpace> {
    for (const record of this.#records.entries()) {
      const stored = this.#read(record);
      if (stored !== undefined) yield stored;
    }
  }

  /** Tells what others store, and what they forget. */
  follow({ changed, gone }: CredentialListeners): void {
    this.#subscriptions.follow(this.#records, ({ key, record }) => {
      const stored = record && this.#read(record);
      if (stored !== undefined) {
        changed(stored.by, stored.space);
        return;
      }
      const named = decodeCredentialKey(key);
      if (named !== undefined) gone({ ...named, isExcepted: false }, this.#asker, named.realm);
    });
  }

  /** Whether there is a record of a space. */
  holds(by: AskedBy, { realm }: ProtectionSpace): boolean {
    return this.#records.get(credentialKey({ ...by, realm })) !== undefined;
  }

  /** Keeps the credentials of a space that were accepted, if that was asked for. */
  keep(by: AskedBy, { asker, realm, scheme, strength, scopes, credentials }: ProtectionSpace): void {
    // A server that was let in by exception may be anybody.
    if (asker !== this.#asker || credentials?.lifetime !== "store" || by.isExcepted) return;
    const { role, origin, partition } = by;
    const record = {
      role,
      origin,
      partition,
      realm,
      scheme,
      strength,
      scopes: scopes.map(({ href }) => href),
      credentials: secretOf(credentials),
    };
    const key = credentialKey(record);
    this.#records.set(key, encoder.encode(encodeCredentialRecord(record)));
    this.#subscriptions.tell(this.#records, key);
  }

  /** Forgets the credentials of a space. */
  drop(by: AskedBy, { asker, realm }: ProtectionSpace): void {
    if (asker === this.#asker && !by.isExcepted) this.#delete(credentialKey({ ...by, realm }));
  }

  /** Forgets those of one origin, server or proxy, or all. */
  forget(origin: string | undefined): void {
    for (const { key, value } of this.#records.entries()) {
      const record = origin === undefined ? undefined : decodeCredentialRecord(decoder.decode(value));
      if (record?.origin === origin) this.#delete(key);
    }
  }

  #delete(key: string): void {
    if (this.#records.delete(key)) this.#subscriptions.tell(this.#records, key);
  }

  #read({ key, value }: StoreRecord): StoredSpace | undefined {
    const record = decodeCredentialRecord(decoder.decode(value));
    // Whatever else stands in the store is for nobody.
    if (record === undefined || credentialKey(record) !== key) return undefined;
    const { role, origin, partition, realm, scheme, strength, scopes } = record;
    const credentials = { ...record.credentials, id: `stored ${key}`, lifetime: "store" } as const;
    const space = new ProtectionSpace(this.#asker, realm, scheme, credentials);
    space.isProven = true;
    space.strength = strength;
    for (const scope of scopes) space.include(new URL(scope));
    return { by: { role, origin, partition, isExcepted: false }, space };
  }
}
