import { seededRandom } from "./random.ts";
import type { Collection, Store } from "@fairlead/store";

/**
 * What a process does to a store, step after step, as a function of a seed: so that whoever knows how many steps a store
 * has seen knows all that must be in it. Each step ends by writing its own number, and all of a step is done in one turn
 * of the event loop: what is on disk has to be the state after some step, whole.
 */

/** Largest number of records in each collection; keys are more, so that steps evict. */
const maxEntries = 50;
const keyCount = 80;
const collections = ["things", "others"] as const;
const stepKey = "step";

/** What a collection must hold, the one written longest ago first. */
type Model = ReadonlyMap<string, Map<string, string>>;

type Step = (
  | { readonly type: "set"; readonly key: string; readonly value: string }
  | { readonly type: "delete"; readonly key: string }
  | { readonly type: "clear" }
) & { readonly collection: string };

/** The collections of a store that steps are done in. */
export type Things = ReadonlyMap<string, Collection>;

export function openThings(store: Store): Things {
  return new Map(collections.map((name) => [name, store.collection(name, { maxEntries, secret: false })]));
}

/** Does one step in a store. */
export function doStep(things: Things, seed: number, number: number): void {
  const step = stepOf(seed, number);
  const collection = collectionOf(things, step.collection);
  switch (step.type) {
    case "set":
      collection.set(step.key, Buffer.from(step.value));
      break;
    case "delete":
      collection.delete(step.key);
      break;
    case "clear":
      collection.clear();
      break;
  }
  collectionOf(things, "things").set(stepKey, Buffer.from(String(number)));
}

/**
 * Makes sure that a store is in the state after some step.
 *
 * @returns the number of that step; -1 when the store is empty.
 */
export function verifyThings(things: Things, seed: number): number {
  const stepRecord = collectionOf(things, "things").get(stepKey);
  const last = stepRecord === undefined ? -1 : Number(Buffer.from(stepRecord.value).toString());
  const model = modelAfter(seed, last);
  for (const [name, collection] of things) {
    const found = Array.from(collection.entries(), ({ key, value }) => [key, Buffer.from(value).toString()]);
    const expected = [...(model.get(name) ?? [])];
    if (JSON.stringify(found) === JSON.stringify(expected)) continue;
    throw new Error(`${name} is not as step ${String(last)} left it: ${describeDifference(found, expected)}`);
  }
  return last;
}

function modelAfter(seed: number, last: number): Model {
  const model: Model = new Map(collections.map((name) => [name, new Map<string, string>()]));
  for (let number = 0; number <= last; number++) {
    const step = stepOf(seed, number);
    const records = model.get(step.collection) ?? new Map<string, string>();
    switch (step.type) {
      case "set":
        write(records, step.key, step.value);
        break;
      case "delete":
        records.delete(step.key);
        break;
      case "clear":
        records.clear();
        break;
    }
    write(model.get("things") ?? new Map<string, string>(), stepKey, String(number));
  }
  return model;
}

function write(records: Map<string, string>, key: string, value: string): void {
  records.delete(key);
  records.set(key, value);
  for (const oldest of records.keys()) {
    if (records.size <= maxEntries) return;
    records.delete(oldest);
  }
}

function stepOf(seed: number, number: number): Step {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ number);
  const collection = random() < 0.7 ? "things" : "others";
  const key = `key-${String(Math.floor(random() * keyCount))}`;
  const choice = random();
  if (choice < 0.005) return { type: "clear", collection };
  if (choice < 0.15) return { type: "delete", collection, key };
  // Some are larger than a page of a database.
  const length = Math.floor(random() < 0.03 ? random() * 10_000 : random() * 200);
  return { type: "set", collection, key, value: `step ${String(number)} `.padEnd(length, ".") };
}

function collectionOf(things: Things, name: string): Collection {
  const collection = things.get(name);
  if (collection === undefined) throw new RangeError(name);
  return collection;
}

function describeDifference(found: readonly unknown[], expected: readonly unknown[]): string {
  const index = expected.findIndex((record, place) => JSON.stringify(record) !== JSON.stringify(found[place]));
  const at = index < 0 ? expected.length : index;
  const [is = "nothing", should = "nothing"] = [found, expected].map((list) => {
    return list[at] === undefined ? undefined : JSON.stringify(list[at]).slice(0, 80);
  });
  return `record ${String(at)} is ${is} and should be ${should}`;
}
