import type { Batch, CollectionChanges } from "../change-queue.ts";

/** A batch without what is in another one, the same objects: that has taken effect. */
export function withoutApplied(batch: Batch, applied: Batch): Batch {
  const rest = new Map<string, CollectionChanges>();
  for (const [collection, changes] of batch) {
    const done = applied.get(collection)?.records;
    // What follows a clearing goes with it again.
    if (done === undefined || changes.clear) rest.set(collection, changes);
    else {
      const records = new Map([...changes.records].filter(([name, change]) => done.get(name) !== change));
      rest.set(collection, { ...changes, records });
    }
  }
  return rest;
}
