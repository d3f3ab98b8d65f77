/**
 * A process with a manager that makes requests at a steady rate and, in every other slice of time, learns records at
 * another. Argument: the store's URL, and `sealed` for one with a key.
 */
import { openNetworkAccessManager } from "@fairlead/access";
import { openStore } from "@fairlead/store";
import { answer } from "../measuring/child.ts";

/** What the process is to do. */
export interface Load {
  readonly url: string;
  /** Distinguishes the records of one process from those of another. */
  readonly name: string;
  readonly rounds: number;
  readonly sliceMilliseconds: number;
  readonly requestsPerSecond: number;
  readonly recordsPerSecond: number;
}

/** What it saw. */
export interface LoadSample {
  /** Milliseconds of each request, by round. */
  readonly alone: readonly (readonly number[])[];
  readonly learning: readonly (readonly number[])[];
  /** Records a second that were learned while that was asked for. */
  readonly learnedPerSecond: number;
  readonly learned: number;
}

const [storeUrl = "memory:", sealed] = process.argv.slice(2);
const key = sealed === "sealed" ? new Uint8Array(32).fill(7) : undefined;
const store = await openStore(storeUrl, key && { key });
const records = store.collection("hsts", { maxEntries: 1_000_000, maxBytes: 256 * 1024 * 1024, secret: false });
const manager = await openNetworkAccessManager({ store, cache: false });
const value = new TextEncoder().encode('{"includeSubDomains":true}');

answer(async (message) => {
  if (message === "close") {
    await manager.close();
    await store.close();
    return "closed";
  }
  if (message === "count") return records.size;
  return load(message as Load);
});

async function load({ rounds, sliceMilliseconds, ...asked }: Load): Promise<LoadSample> {
  const alone: number[][] = [];
  const learning: number[][] = [];
  let learned = 0;
  let milliseconds = 0;
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    const withoutLearning = await slice({ ...asked, recordsPerSecond: 0 }, sliceMilliseconds, learned);
    const withLearning = await slice(asked, sliceMilliseconds, learned);
    learned += withLearning.learned;
    await store.flush();
    if (round === 0) continue;
    milliseconds += withLearning.milliseconds;
    alone.push(withoutLearning.latencies);
    learning.push(withLearning.latencies);
  }
  const counted = (learned * rounds) / (rounds + 1);
  return { alone, learning, learnedPerSecond: (counted * 1000) / milliseconds, learned };
}

type Rates = Pick<Load, "url" | "name" | "requestsPerSecond" | "recordsPerSecond">;

interface Slice {
  readonly latencies: number[];
  readonly learned: number;
  readonly milliseconds: number;
}

/** Begins what is due at each turn, whatever became of what was begun before: who waits is what is measured. */
async function slice({ url, name, ...rates }: Rates, sliceMilliseconds: number, first: number): Promise<Slice> {
  const latencies: number[] = [];
  const requests: Promise<void>[] = [];
  let learned = 0;
  const started = performance.now();
  for (;;) {
    const elapsed = performance.now() - started;
    const due = Math.min(elapsed, sliceMilliseconds) / 1000;
    while (requests.length < due * rates.requestsPerSecond) requests.push(request(url, latencies));
    for (; learned < due * rates.recordsPerSecond; learned++) {
      records.set(`host-${String(first + learned)}.${name}.example`, value, { expiresAt: Date.now() + 86_400_000 });
    }
    if (elapsed >= sliceMilliseconds) break;
    await new Promise((resume) => setTimeout(resume, 1));
  }
  await Promise.all(requests);
  return { latencies, learned, milliseconds: performance.now() - started };
}

async function request(url: string, latencies: number[]): Promise<void> {
  const started = performance.now();
  await (await manager.request(url)).bytes();
  latencies.push(performance.now() - started);
}
