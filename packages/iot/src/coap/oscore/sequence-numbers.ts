import { randomBytes } from "node:crypto";
import { PolicyError, StoreError } from "@fairlead/core";
import type { Collection, Store } from "@fairlead/store";
import { maxSequenceNumber } from "../protocol/oscore/partial-iv.ts";

/** Where the sequence numbers of one context are kept. */
export interface SequenceNumberPlace {
  readonly store: Store;
  /** Key of the record: nothing that helps to guess a secret. */
  readonly key: string;
  /** Numbers that are reserved at a time, at least 1: as many are lost when a process ends. */
  readonly step: number;
  /** How errors name the context. */
  readonly peer: string;
}

/**
 * Gives out sender sequence numbers, none of them twice: not even after a crash, since the store has a number as used
 * before it is given out. RFC 8613 appendix B.1.1.
 */
export class SequenceNumbers {
  readonly #place: SequenceNumberPlace;
  readonly #collection: Collection;
  readonly #owner = randomBytes(8).toString("hex");
  #next: number;
  #reserved: number;
  #extending: Promise<void> | undefined;

  private constructor(place: SequenceNumberPlace, collection: Collection, next: number) {
    this.#place = place;
    this.#collection = collection;
    this.#next = next;
    this.#reserved = next;
  }

  /**
   * Opens them, and has the store know that they were opened.
   *
   * @returns them, and whether the store knew of them before
   *
   * @throws StoreError OSCORE_STORE_FULL, STORE_CORRUPT, STORE_WRITE_FAILED, STORE_CLOSED.
   */
  static async open(
    place: SequenceNumberPlace,
  ): Promise<{ readonly sequenceNumbers: SequenceNumbers; readonly wereUsed: boolean }> {
    const { store, key, peer } = place;
    const collection = store.collection(collectionName, { maxEntries: maxContexts, secret: true });
    const kept = await readKept(collection, key, peer);
    if (kept === undefined && collection.size >= maxContexts) {
      throw new StoreError("OSCORE_STORE_FULL", { peer: store.url, operation: "open an OSCORE context" });
    }
    const sequenceNumbers = new SequenceNumbers(place, collection, kept?.reserved ?? 0);
    await sequenceNumbers.#reserve(sequenceNumbers.#next);
    return { sequenceNumbers, wereUsed: kept !== undefined };
  }

  /**
   * Gives out the next number.
   *
   * @throws PolicyError OSCORE_SEQUENCE_EXHAUSTED behind the last; OSCORE_CONTEXT_TAKEN. StoreError STORE_WRITE_FAILED.
   */
  async next(): Promise<number> {
    while (this.#next >= this.#reserved) {
      this.#extending ??= this.#extend().finally(() => {
        this.#extending = undefined;
      });
      await this.#extending;
    }
    const number = this.#next;
    this.#next += 1;
    return number;
  }

  async #extend(): Promise<void> {
    const { key, peer, step } = this.#place;
    const operation = "reserve sequence numbers";
    if (this.#next > maxSequenceNumber) throw new PolicyError("OSCORE_SEQUENCE_EXHAUSTED", { peer, operation });
    const kept = await readKept(this.#collection, key, peer);
    if (kept?.owner !== this.#owner) throw new PolicyError("OSCORE_CONTEXT_TAKEN", { peer, operation });
    await this.#reserve(Math.min(this.#next + step, maxSequenceNumber + 1));
  }

  async #reserve(reserved: number): Promise<void> {
    const kept: Kept = { reserved, owner: this.#owner };
    this.#collection.set(this.#place.key, new TextEncoder().encode(JSON.stringify(kept)));
    await this.#place.store.flush();
    this.#reserved = reserved;
  }
}

interface Kept {
  /** The first number that nobody has reserved. */
  readonly reserved: number;
  /** Who opened the context last. */
  readonly owner: string;
}

async function readKept(collection: Collection, key: string, peer: string): Promise<Kept | undefined> {
  const record = await collection.find(key);
  if (record === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(record.value));
    if (isKept(value)) return value;
  } catch {
    // Told below.
  }
  throw new StoreError("STORE_CORRUPT", { peer, operation: "read the sequence numbers of" });
}

function isKept(value: unknown): value is Kept {
  return (
    typeof value === "object" &&
    value !== null &&
    "owner" in value &&
    typeof value.owner === "string" &&
    "reserved" in value &&
    typeof value.reserved === "number" &&
    Number.isInteger(value.reserved) &&
    value.reserved >= 0
  );
}

const collectionName = "oscore";
/** A record that is dropped for want of room would have its numbers used again, so that room is never short. */
const maxContexts = 100_000;
