import { StoreError } from "@fairlead/core";
import { BatchRefused } from "./batch-refused.ts";
import type { Batch, CollectionChanges } from "./change-queue.ts";
import type { StoreKey } from "./key/store-key.ts";
import type { RecordSeal } from "./record-seal.ts";
import type { StoreBackend } from "./store-backend.ts";
import { sealCollection, sealName } from "./seal/seal-record.ts";
import type { Sealing } from "./sealing.ts";
import type { CollectionNews } from "./stored-record.ts";
import type { WriteBatch } from "./write-behind.ts";

/** How often others may change the key while one batch is written. */
const attemptsLimit = 10;

/** What a sealed writer works with. */
export interface SealedWriterOptions {
  readonly backend: StoreBackend;
  readonly sealing: Sealing;
  /** Another seal holds from now on: what is in memory, waits, and is under way is to be renamed and sealed anew. */
  readonly onNewSeal: (from: RecordSeal, to: RecordSeal, underWay: Batch | undefined) => void;
}

/**
 * Writes only as long as the store is sealed with what this process believes. When another process has changed the key, or
 * has encrypted a plain store, a batch is refused; then this one follows, or keeps what it learns in memory.
 */
export class SealedWriter {
  readonly #options: SealedWriterOptions;
  #isStale = false;

  constructor(options: SealedWriterOptions) {
    this.#options = options;
  }

  /** Whether the store is known to be sealed with something else: what is read there cannot be understood. */
  get isStale(): boolean {
    return this.#isStale;
  }

  readonly write: WriteBatch = (batch, moment) => {
    const { backend, sealing } = this.#options;
    return this.#underSeal(batch, () => backend.write(requiring(batch, sealing.proof), moment));
  };

  /** Seals everything with another key; no batch may be under way. */
  rotate(newKey: StoreKey | undefined): Promise<void> {
    return this.#underSeal(undefined, () => this.#options.sealing.rotate(newKey));
  }

  /** Looks whether the store says something else of its seal than this process believes. */
  look(news?: CollectionNews): boolean {
    const { backend, sealing } = this.#options;
    if (news !== undefined && !news.complete && !news.records.has(sealName)) return this.#isStale;
    const found = news === undefined ? readSealRecord(backend) : news.records.get(sealName)?.value;
    this.#isStale ||= !isSame(found, sealing.proof);
    return this.#isStale;
  }

  async #underSeal(batch: Batch | undefined, work: () => Promise<void>): Promise<void> {
    const { sealing, onNewSeal } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const from = sealing.seal;
      try {
        await work();
        if (sealing.seal !== from) onNewSeal(from, sealing.seal, batch);
        return;
      } catch (error) {
        if (!(error instanceof BatchRefused) || attempt === attemptsLimit) throw error;
        this.#isStale = true;
        await sealing.follow(error.found);
        this.#isStale = false;
        if (sealing.seal !== from) onNewSeal(from, sealing.seal, batch);
      }
    }
  }
}

/** What a store says of its seal. */
export function readSealRecord(backend: StoreBackend): Uint8Array | undefined {
  const loaded = backend.load(sealCollection);
  const index = loaded.names.indexOf(sealName);
  return index < 0 ? undefined : loaded.value(index);
}

/** Whether an error says that this process cannot have the key. */
export function isWithoutKey(error: unknown): boolean {
  return error instanceof StoreError && error.code.startsWith("STORE_KEY_");
}

function requiring(batch: Batch, proof: Uint8Array | undefined): Batch {
  const nothing: CollectionChanges = { clear: false, purgeAt: undefined, records: new Map(), trimTo: undefined };
  return new Map(batch).set(sealCollection, { ...nothing, requires: { name: sealName, value: proof } });
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one === undefined || other === undefined ? one === other : Buffer.compare(one, other) === 0;
}
