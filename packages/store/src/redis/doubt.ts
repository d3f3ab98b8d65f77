import type { Batch, CollectionChanges, RecordChange } from "../change-queue.ts";

/** A batch whose answer was lost: nobody knows whether it took effect. */
export interface Doubt {
  readonly number: number;
  /** What it was to do, by collection and name. */
  readonly changes: ReadonlyMap<string, ReadonlyMap<string, RecordChange>>;
}

/** Takes down what a batch is to do: the batch itself goes back into the queue, which goes on to change it. */
export function doubtOf(number: number, batch: Batch): Doubt {
  return { number, changes: new Map([...batch].map(([collection, { records }]) => [collection, new Map(records)])) };
}

/** A batch without what has taken effect: the same objects. */
export function withoutApplied(batch: Batch, { changes: applied }: Doubt): Batch {
  const rest = new Map<string, CollectionChanges>();
  for (const [collection, changes] of batch) {
    const done = applied.get(collection);
    // What follows a clearing goes with it again.
    if (done === undefined || changes.clear) rest.set(collection, changes);
    else {
      const records = new Map([...changes.records].filter(([name, change]) => done.get(name) !== change));
      rest.set(collection, { ...changes, records });
    }
  }
  return rest;
}
