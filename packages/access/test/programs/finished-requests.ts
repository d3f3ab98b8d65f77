/**
 * Makes requests over connections that stay, and tells how many of their hops and replies can still be reached, and how
 * many listeners one signal that lives long has kept. Arguments: the origin's URL.
 */
import { openNetworkAccessManager, transactionOf } from "@fairlead/access";
import { getEventListeners } from "node:events";

const REQUESTS = 1_000;
const [origin = ""] = process.argv.slice(2);
const manager = await openNetworkAccessManager();
const { signal } = new AbortController();
const seen: WeakRef<object>[] = [];

async function ask(index: number): Promise<void> {
  const reply = await manager.request(`${origin}/json`, {
    signal,
    ...(index % 2 === 0 && { timeoutMilliseconds: 60_000 }),
  });
  await reply.bytes();
  for (const hop of transactionOf(reply)?.hops ?? []) seen.push(new WeakRef(hop));
  seen.push(new WeakRef(reply));
}

for (let index = 0; index < REQUESTS; index += 4) await Promise.all([0, 1, 2, 3].map((more) => ask(index + more)));
const listeners = getEventListeners(signal, "abort").length;
// What a WeakRef was made from is held until the turn ends.
await new Promise((resolve) => setImmediate(resolve));
globalThis.gc?.();
const reachable = seen.filter((reference) => reference.deref() !== undefined).length;
await manager.close();
process.stdout.write(JSON.stringify({ seen: seen.length, reachable, listeners }));
