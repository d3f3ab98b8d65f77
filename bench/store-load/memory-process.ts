/** A process that holds 100,000 HSTS records and 10,000 cookies. Argument: the store's URL. */
import { openStore, type Store } from "@fairlead/store";
import { answer } from "../measuring/child.ts";

/** MiB that the process takes more than before it opened the store. */
export interface MemorySample {
  /** As it is opened. */
  readonly opened: { readonly resident: number; readonly held: number };
  /** Once every record was asked for. */
  readonly read: { readonly resident: number; readonly held: number };
}

const [url = "memory:"] = process.argv.slice(2);
const contents = {
  hsts: { count: 100_000, value: '{"includeSubDomains":true}', secret: false },
  cookies: { count: 10_000, value: JSON.stringify({ name: "session", value: "x".repeat(120) }), secret: true },
} as const;

answer(async (message) => {
  if (message === "measure") return measure();
  await fill();
  return "filled";
});

function collectionsOf(store: Store): [string, ReturnType<Store["collection"]>, number, string][] {
  return Object.entries(contents).map(([name, { count, value, secret }]) => [
    name,
    store.collection(name, { maxEntries: count, maxBytes: 64 * 1024 * 1024, secret }),
    count,
    value,
  ]);
}

async function fill(): Promise<void> {
  await using store = await openStore(url);
  for (const [name, collection, count, value] of collectionsOf(store)) {
    const bytes = new TextEncoder().encode(value);
    for (let index = 0; index < count; index++) {
      collection.set(`${name}-${String(index)}.site-${String(index % 997)}.example`, bytes, {
        expiresAt: Date.now() + 86_400_000,
      });
    }
  }
}

async function measure(): Promise<MemorySample> {
  const before = memory();
  await using store = await openStore(url);
  const collections = collectionsOf(store);
  const opened = since(before);
  for (const [name, collection, count] of collections) {
    const found = [...collection.entries()].length;
    if (found !== count) throw new Error(`${String(found)} records in ${name}`);
  }
  return { opened, read: since(before) };
}

function memory(): { readonly resident: number; readonly held: number } {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss / 1024 / 1024, held: (heapUsed + external) / 1024 / 1024 };
}

function since(before: { readonly resident: number; readonly held: number }): MemorySample["opened"] {
  const { resident, held } = memory();
  return { resident: resident - before.resident, held: held - before.held };
}
