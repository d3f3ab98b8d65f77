import assert from "node:assert/strict";
import { openStore, type Store } from "@fairlead/store";
import { doStep, openThings, verifyThings } from "./history.ts";
import { seededRandom } from "./random.ts";
import { installTraps } from "./traps.ts";

/**
 * Writes to a store whose system calls fail, now and then, in ways that the store is not told of beforehand. It is told
 * the store's URL and a seed, and prints, as JSON, the last step that was flushed and the codes of what failed.
 */
const [url = "", seedText = ""] = process.argv.slice(2);
const seed = Number(seedText);
const random = seededRandom(seed);
const codes: string[] = [];
let [step, flushed] = [-1, -1];

installTraps();
for (let life = 0; life < 3; life++) {
  const store = await opened();
  // What fails at every third call may never succeed.
  if (store === undefined) break;
  const things = openThings(store);
  const found = verifyThings(things, seed);
  assert.ok(found >= flushed, `step ${String(found)} was found and ${String(flushed)} flushed`);
  step = found;
  for (let burst = 0; burst < 8; burst++) {
    for (let steps = 1 + Math.floor(random() * 5); steps > 0; steps--) doStep(things, seed, ++step);
    const before = step;
    if (await succeeds(() => store.flush())) flushed = before;
    assert.equal(verifyThings(things, seed), step, "reads go on");
  }
  if (await succeeds(() => store.close())) flushed = step;
}
console.log(JSON.stringify({ flushed, codes: [...new Set(codes)].sort() }));

async function opened(): Promise<Store | undefined> {
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      return await openStore(url, { onWarning: () => undefined });
    } catch (error) {
      codes.push(codeOf(error));
    }
  }
  return undefined;
}

async function succeeds(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    codes.push(codeOf(error));
    return false;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && error.name === "StoreError" && "code" in error) return String(error.code);
  throw error;
}
