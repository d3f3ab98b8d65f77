import assert from "node:assert/strict";
import { constants, PerformanceObserver, type NodeGCPerformanceDetail, type PerformanceEntry } from "node:perf_hooks";
import { describe, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { PlaintextSlab, slabPool } from "../../src/engine/index.ts";

const memory = { addressOf: () => 1, copy: () => undefined };

describe("a slab of plaintext", () => {
  test("hands a large piece over, and copies a small one", () => {
    const slab = new PlaintextSlab(memory, slabPool());
    slab.open();
    const small = slab.give(10);
    slab.open();
    const large = slab.give(60_000);
    slab.open();
    const next = slab.give(60_000);
    assert.deepEqual([small.length, large.length, next.length], [10, 60_000, 60_000]);
    assert.equal(new Set([small.buffer, large.buffer, next.buffer]).size, 3);
  });

  test("is collected with what is young: plaintext that nobody keeps rarely has all of the heap collected", async () => {
    // When the collector begins is not ours alone to say: other work of the machine has it come late.
    const counts: { readonly young: number; readonly all: number }[] = [];
    for (let attempt = 0; attempt < 3 && !counts.some(({ young, all }) => young > all); attempt += 1) {
      counts.push(await countCollections());
    }
    assert.ok(
      counts.some(({ young, all }) => young > all),
      JSON.stringify(counts),
    );
  });
});

/** Has a GiB of plaintext pass, and counts the collections of what is young, and of all. */
async function countCollections(): Promise<{ readonly young: number; readonly all: number }> {
  let [young, all] = [0, 0];
  const observer = new PerformanceObserver((list) => {
    // Entries of this type have it.
    for (const { detail } of list.getEntries() as (PerformanceEntry & { detail: NodeGCPerformanceDetail })[]) {
      if (detail.kind === constants.NODE_PERFORMANCE_GC_MINOR) young += 1;
      else all += 1;
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  const slab = new PlaintextSlab(memory, slabPool());
  for (let given = 0; given < 1_073_741_824; given += 65_536) {
    slab.open();
    slab.give(65_536);
    if (given % 1_048_576 === 0) await setImmediate();
  }
  await setImmediate();
  observer.disconnect();
  return { young, all };
}
