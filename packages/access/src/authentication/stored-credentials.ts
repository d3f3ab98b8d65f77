import { credentialKey, decodeCredentialRecord, encodeCredentialRecord } from "@fairlead/http/authentication";
import type { Collection, Store } from "@fairlead/store";
import { openCollection } from "../memory/collections.ts";
import type { AskedBy } from "./asked-by.ts";
import { secretOf } from "./credentials.ts";
import { ProtectionSpace } from "./protection-space.ts";
import type { OnAuthenticate } from "./question.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Credentials that outlive the manager, because the application asked for that. They are those of its own callback: what
 * requests answer for themselves is stored for nobody.
 */
export class StoredCredentials {
  readonly #records: Collection;
  readonly #asker: OnAuthenticate;

  constructor(store: Store, asker: OnAuthenticate) {
    this.#records = openCollection(store, "credentials");
    this.#asker = asker;
  }

  /** All that there are. */
  *recall(): Generator<{ readonly by: AskedBy; readonly space: ProtectionSpace }> {
    for (const { key, value } of this.#records.entries()) {
      const record = decodeCredentialRecord(decoder.decode(value));
      // Whatever else stands in the store is for nobody.
      if (record === undefined || credentialKey(record) !== key) continue;
      const { role, origin, partition, realm, scheme, strength, scopes } = record;
      const credentials = { ...record.credentials, id: `stored ${key}`, lifetime: "store" } as const;
      const space = new ProtectionSpace(this.#asker, realm, scheme, credentials);
      space.isProven = true;
      space.strength = strength;
      for (const scope of scopes) space.include(new URL(scope));
      yield { by: { role, origin, partition, isExcepted: false }, space };
    }
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
    this.#records.set(credentialKey(record), encoder.encode(encodeCredentialRecord(record)));
  }

  /** Forgets the credentials of a space. */
  drop(by: AskedBy, { asker, realm }: ProtectionSpace): void {
    if (asker === this.#asker && !by.isExcepted) this.#records.delete(credentialKey({ ...by, realm }));
  }

  /** Forgets those of one origin, server or proxy, or all. */
  forget(origin: string | undefined): void {
    for (const { key, value } of this.#records.entries()) {
      const record = origin === undefined ? undefined : decodeCredentialRecord(decoder.decode(value));
      if (record?.origin === origin) this.#records.delete(key);
    }
  }
}
