import assert from "node:assert/strict";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { openStore, type StoreWarning } from "@fairlead/store";
import { temporaryDirectory } from "../temporary-directory.ts";
import { exitOf, startProcess } from "./start-process.ts";

// Each round starts a process, which costs most of its time; the store grows from round to round.
const rounds = { sqlite: 150, file: 50 };
const seed = 20_261_121;

describe("kill -9 in the middle of writing", { concurrency: 2 }, () => {
  for (const [scheme, count] of Object.entries(rounds)) {
    it(`loses no flushed record and damages nothing, ${String(count)} times (${scheme})`, async () => {
      using directory = temporaryDirectory();
      const path = join(directory.path, "store");
      const random = mulberry32(seed);
      let flushed = -1;
      for (let round = 0; round < count; round++) {
        flushed = Math.max(flushed, await writeUntilKilled(`${scheme}:${path}`, random));
        if (scheme === "sqlite") assert.equal(checkIntegrity(path), "ok");
        const warnings: StoreWarning[] = [];
        await using store = await openStore(`${scheme}:${path}`, { onWarning: (warning) => warnings.push(warning) });
        const things = store.collection("things", { maxEntries: 1_000_000, secret: false });
        for (let index = 0; index < things.size; index++) {
          const value = things.get(`key-${String(index)}`)?.value ?? [];
          assert.equal(Buffer.from(value).toString(), `value of ${String(index)}`.padEnd(60, "."));
        }
        assert.ok(
          things.size > flushed,
          `round ${String(round)}: ${String(things.size)} records, ${String(flushed)} flushed`,
        );
        assert.deepEqual(warnings, []);
      }
      assert.ok(flushed > count, "it wrote");
    });
  }
});

/** @returns the number of the last record that the process said was durable, or -1. */
async function writeUntilKilled(url: string, random: () => number): Promise<number> {
  const child = startProcess("for-ever", url);
  const exit = exitOf(child);
  let last = -1;
  // Half of them by the number of records, at the moment between two; half after a while, anywhere.
  let lines = random() < 0.5 ? 1 + Math.floor(random() * 20) : Infinity;
  if (lines === Infinity) {
    const moment = random() * 20;
    child.stdout.once("data", () => {
      void delay(moment).then(() => child.kill("SIGKILL"));
    });
  }
  for await (const line of createInterface({ input: child.stdout })) {
    // A line that the kill has cut short would be a smaller number, never a larger one.
    last = Math.max(last, Number(line));
    if (--lines === 0) child.kill("SIGKILL");
  }
  assert.equal(await exit, "SIGKILL");
  return last;
}

function checkIntegrity(path: string): unknown {
  using database = new DatabaseSync(path);
  return database.prepare("PRAGMA integrity_check").get()?.["integrity_check"];
}

/** A small seeded generator of numbers from 0 to 1, by Tommy Ettinger. */
function mulberry32(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
