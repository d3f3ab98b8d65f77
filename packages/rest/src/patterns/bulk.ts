import { UsageError } from "@fairlead/core";
import { untilAborted } from "@fairlead/access";
import { Ending } from "./ending.ts";

/** What became of one item. */
export type Outcome<Item, Result> =
  | { readonly type: "done"; readonly index: number; readonly item: Item; readonly value: Result }
  | { readonly type: "failed"; readonly index: number; readonly item: Item; readonly error: unknown };

/** How many at a time, and until when. */
export interface BulkOptions {
  /** Calls under way at the same time; 4 by default. */
  readonly concurrency?: number;
  /** Ends it: what is under way is told, and nothing else is begun. */
  readonly signal?: AbortSignal;
}

/**
 * Makes a call for each item, some at a time, and gives each outcome as it comes: one that fails does not end the others.
 * Items are taken as there is room for them, and none once the loop was left, which also ends what is under way.
 *
 * @throws the signal's reason, and what taking the items throws.
 * @example
 * for await (const outcome of bulk(users, (user, signal) => client.put(`users/${user.id}`, { json: user, signal }))) {
 *   if (outcome.type === "failed") console.error(outcome.item.id, outcome.error);
 * }
 */
export async function* bulk<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  call: (item: Item, signal: AbortSignal, index: number) => PromiseLike<Result> | Result,
  { concurrency = 4, signal }: BulkOptions = {},
): AsyncGenerator<Outcome<Item, Result>, void> {
  if (!(Number.isInteger(concurrency) && concurrency >= 1)) {
    throw new UsageError("OPTION_INVALID", { operation: "bulk", detail: "concurrency" });
  }
  await using ending = new Ending(signal);
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const underWay = new Map<number, Promise<Outcome<Item, Result>>>();
  let isOver = false;
  try {
    for (let index = 0; ; ) {
      while (!isOver && underWay.size < concurrency) {
        signal?.throwIfAborted();
        const taken = await source.next();
        if (taken.done === true) {
          isOver = true;
          break;
        }
        underWay.set(index, outcomeOf(taken.value, index, call, ending.signal));
        index += 1;
      }
      if (underWay.size === 0) return;
      const outcome = await untilAborted([signal], () => Promise.race(underWay.values()));
      underWay.delete(outcome.index);
      yield outcome;
    }
  } finally {
    if (!isOver) await source.return?.();
  }
}

async function outcomeOf<Item, Result>(
  item: Item,
  index: number,
  call: (item: Item, signal: AbortSignal, index: number) => PromiseLike<Result> | Result,
  signal: AbortSignal,
): Promise<Outcome<Item, Result>> {
  try {
    return { type: "done", index, item, value: await call(item, signal, index) };
  } catch (error) {
    return { type: "failed", index, item, error };
  }
}

/** Puts items together, so many at a time: for services that take several in one call. */
export async function* batches<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  size: number,
): AsyncGenerator<readonly Item[], void> {
  if (!(Number.isInteger(size) && size >= 1))
    throw new UsageError("OPTION_INVALID", { operation: "batches", detail: "size" });
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
