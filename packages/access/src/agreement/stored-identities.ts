import type { Collection, Store } from "@fairlead/store";
import { createHash } from "node:crypto";
import { openCollection } from "../memory/collections.ts";
import type { LostLessons } from "../memory/lost-lessons.ts";
import type { Subscriptions } from "../memory/subscriptions.ts";
import type { Partition } from "../partition.ts";
import { decodeIdentityChoice, encodeIdentityChoice } from "./protocol/identity-choice.ts";

/** What a choice is for. */
export interface IdentityQuestion {
  readonly origin: string;
  readonly partition: Partition;
  /** Names of authorities, DER; empty where nobody knows. */
  readonly authorities: readonly Uint8Array[];
}

/**
 * Which identity was chosen where, or that none was, over restarts: fingerprints of certificates, never a private key. A
 * server that names other authorities is another question.
 */
export class StoredIdentities {
  readonly #records: Collection;
  readonly #lessons: LostLessons;
  readonly #subscriptions: Subscriptions;

  constructor(store: Store, lessons: LostLessons, subscriptions: Subscriptions) {
    this.#subscriptions = subscriptions;
    this.#records = openCollection(store, "client-identities");
    this.#lessons = lessons;
  }

  /** The fingerprint of what was chosen; `null` for none, `undefined` where nothing was. */
  find(question: IdentityQuestion): string | null | undefined {
    const record = this.#lessons.recall(() =>
      this.#records.size === 0 ? undefined : this.#records.get(keyOf(question)),
    );
    return record && decodeIdentityChoice(record.value)?.identity;
  }

  keep(question: IdentityQuestion, identity: string | null): void {
    this.#lessons.guard(() => {
      const key = keyOf(question);
      this.#records.set(key, encodeIdentityChoice({ identity }));
      this.#subscriptions.tell(this.#records, key);
    });
  }

  /** Forgets what was chosen for an origin, or all; in one partition, or in every one. */
  forget(origin: string | undefined, partition?: Partition): void {
    this.#lessons.guard(() => {
      for (const { key } of this.#records.entries()) {
        if (origin !== undefined && !isOf(key, origin, partition)) continue;
        if (this.#records.delete(key)) this.#subscriptions.tell(this.#records, key);
      }
    });
  }

  /** Tells of which origin and partition others have changed or forgotten a choice. */
  follow(changed: (origin: string, partition: Partition) => void): void {
    this.#subscriptions.follow(this.#records, ({ key }) => {
      const [partition, origin, authorities] = key.split(" ");
      if (partition !== undefined && origin !== undefined && authorities !== undefined) changed(origin, partition);
    });
  }

  /** Whether anything is kept for an origin in a partition. */
  holds(origin: string, partition: Partition): boolean {
    for (const { key } of this.#records.entries()) if (isOf(key, origin, partition)) return true;
    return false;
  }
}

function isOf(key: string, origin: string, partition: Partition | undefined): boolean {
  const [theirPartition, theirOrigin] = key.split(" ");
  return theirOrigin === origin && (partition === undefined || theirPartition === partition);
}

/** Neither part can hold a space; that of the application's own requests is empty. */
function keyOf({ origin, partition, authorities }: IdentityQuestion): string {
  return `${partition} ${origin} ${hashNames(authorities)}`;
}

/** In whatever order they are named. */
function hashNames(names: readonly Uint8Array[]): string {
  const sha256 = createHash("sha256");
  for (const name of names.map((each) => Buffer.from(each).toString("hex")).sort()) sha256.update(`${name} `);
  return sha256.digest("base64url");
}
