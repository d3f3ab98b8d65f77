import { once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { openStore, type Collection } from "@fairlead/store";
import { drill } from "./processes-drill.ts";

/**
 * One of several processes that use one store at once: says `ready`, waits for its standard input to end, writes records,
 * takes as many tickets as it can get, and stays until it sees all that the others have written. It prints a
 * {@link SharingReport}.
 */
export interface SharingReport {
  /** Tickets that it was handed. */
  readonly taken: readonly string[];
  /** How long after the others had written records it saw them. */
  readonly delaysMilliseconds: readonly number[];
  /** Largest number of records that it saw in a bounded collection. */
  readonly mostBounded: number;
}

const [url = "", name = ""] = process.argv.slice(2);
const store = await openStore(url);
const things = store.collection("things", { maxEntries: 100_000, secret: false });
const tickets = store.collection("tickets", { maxEntries: 100_000, secret: true });
const bounded = store.collection("bounded", { maxEntries: drill.bound, secret: false });
const delaysMilliseconds: number[] = [];
things.onForeignChange(({ record }) => {
  if (record !== undefined) delaysMilliseconds.push(Date.now() - record.writtenAt);
});
let mostBounded = 0;
process.stdout.write("ready\n");
await once(process.stdin.resume(), "end");
const [taken] = await Promise.all([takeAll(tickets), writeAll()]);
while (things.size < drill.processes * drill.things) await turn();
await store.close();
process.stdout.write(JSON.stringify({ taken, delaysMilliseconds, mostBounded } satisfies SharingReport));

async function writeAll(): Promise<void> {
  for (let index = 0; index < drill.things; index++) {
    things.set(`${name}-${String(index)}`, Buffer.from(name));
    bounded.set(`${name}-${String(index)}`, Buffer.from(name));
    mostBounded = Math.max(mostBounded, bounded.size);
    if (index % 20 === 0) await store.flush();
  }
  await store.flush();
}

/** Each asks for all, in an order of its own, until none is left; a store that is busy hands out nothing at first. */
async function takeAll(collection: Collection): Promise<readonly string[]> {
  const taken: string[] = [];
  while (collection.size > 0) {
    const keys = Array.from(collection.entries(), ({ key }) => key);
    const start = Math.floor(Math.random() * keys.length);
    for (const key of [...keys.slice(start), ...keys.slice(0, start)]) {
      if ((await collection.take(key)) !== undefined) taken.push(key);
    }
    await turn();
  }
  return taken;
}
