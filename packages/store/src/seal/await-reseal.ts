import { setTimeout as delay } from "node:timers/promises";
import { BatchRefused } from "../batch-refused.ts";
import type { StoreBackend } from "../store-backend.ts";
import { recordChange } from "./seal-change.ts";
import { formatSealRecord, sealCollection, type SealRecord } from "./seal-record.ts";

/** Without a sign for so long, somebody who seals the records anew is taken to have been stopped in the middle. */
const patienceMilliseconds = 5_000;
const pollMilliseconds = 100;
/** Longer than this, nobody waits for a store that cannot be written. */
const longestWaitMilliseconds = 60_000;

/** What is waited for, and how long. */
export interface AwaitedReseal {
  readonly backend: StoreBackend;
  readonly patience?: number;
}

/**
 * Waits for who seals the records anew, and undoes what he has begun when he gives no sign any more.
 *
 * @returns what the store says of its seal once that is undone.
 * @throws BatchRefused when he goes on, or is done; and what writing throws.
 */
export async function awaitReseal(
  { backend, patience = patienceMilliseconds }: AwaitedReseal,
  found: Uint8Array,
  { current, residue }: SealRecord,
): Promise<Uint8Array | undefined> {
  const deadline = performance.now() + longestWaitMilliseconds;
  for (let waited = 0; waited < patience; waited += pollMilliseconds) {
    await delay(pollMilliseconds);
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
