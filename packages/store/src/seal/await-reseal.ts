import { setTimeout as delay } from "node:timers/promises";
import { BatchRefused } from "../batch-refused.ts";
import { isCollectionName } from "../collection-name.ts";
import type { StoreBackend } from "../store-backend.ts";
import { recordChange } from "./seal-change.ts";
import { formatSealRecord, sealCollection, type SealRecord } from "./seal-record.ts";

/** Without a sign for so long, somebody who seals the records anew is taken to have been stopped in the middle. */
const patienceMilliseconds = 5_000;
/** Who seals a store without records needs some milliseconds, and loses nothing when he has to begin again. */
const emptyPatienceMilliseconds = 40;
const pollMilliseconds = 100;
/** Longer than this, nobody waits for a store that cannot be written. */
const longestWaitMilliseconds = 60_000;

/** What is waited for, and how long. */
export interface AwaitedReseal {
  readonly backend: StoreBackend;
  /** Milliseconds. */
  readonly patience: number;
}

/** How long who seals the records anew may give no sign; longer, where a short time was not enough. */
export function patienceWith(backend: StoreBackend, { current }: SealRecord, attempt: number): number {
  const isEmpty = current === undefined && !backend.collectionNames().some(isCollectionName);
  return isEmpty ? Math.min(patienceMilliseconds, emptyPatienceMilliseconds * 2 ** attempt) : patienceMilliseconds;
}

/**
 * Waits for who seals the records anew, and undoes what he has begun when he gives no sign any more.
 *
 * @returns what the store says of its seal once that is undone.
 * @throws BatchRefused when he goes on, or is done; and what writing throws.
 */
export async function awaitReseal(
  { backend, patience }: AwaitedReseal,
  found: Uint8Array,
  { current, residue }: SealRecord,
): Promise<Uint8Array | undefined> {
  const deadline = performance.now() + longestWaitMilliseconds;
  const poll = Math.min(pollMilliseconds, patience);
  for (let waited = 0; waited < patience; waited += poll) {
    await delay(poll);
    try {
      // Changes nothing, and is refused once another record is there.
      await backend.write(new Map([[sealCollection, recordChange(found, found)]]), "behind");
    } catch (error) {
      // Who keeps others from writing is at work.
      if (error instanceof BatchRefused || performance.now() > deadline) throw error;
      waited = 0;
    }
  }
  const undone = current && formatSealRecord({ current, next: undefined, residue });
  await backend.write(new Map([[sealCollection, recordChange(found, undone)]]), "behind");
  return undone;
}
