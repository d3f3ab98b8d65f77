import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, it } from "node:test";
import { openStore } from "@fairlead/store";
import { bundlePrograms, type Bundle } from "../crash/bundle.ts";
import { openThings, verifyThings } from "../crash/history.ts";
import { live, type LivingStore } from "../crash/life.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

// A life is new stores, and the processes that write to all of them, one process after the other: starting one is what
// costs. Every kill is a round for each store, which has steps and pauses of its own.
const lives = 25;
const killsOfLife = 10;
/** Half of them sealed. */
const storesOfKind = 4;
const rounds = lives * killsOfLife * storesOfKind;
const seed = 20_261_121;
const key = "5ea1".repeat(16);

describe("kill -9 in the middle of writing", () => {
  let bundle: Bundle;
  before(async () => {
    bundle = await bundlePrograms("killed-process");
  });
  after(() => {
    bundle[Symbol.dispose]();
  });

  it(`loses no flushed record and damages nothing, in ${String(rounds)} rounds each (file and sqlite, plain and sealed)`, async () => {
    const waiting = Array.from({ length: lives }, (_, index) => seed + index);
    const liveAll = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await liveOnce(bundle, next);
    };
    await Promise.all([liveAll(), liveAll()]);
  });
});

async function liveOnce(bundle: Bundle, lifeSeed: number): Promise<void> {
  using directory = temporaryDirectory();
  const stores = Array.from({ length: storesOfKind }, (_, index) => {
    const storeKey = index % 2 === 0 ? undefined : key;
    return [fileStore, sqliteStore].map((make) => make(directory.path, index, storeKey));
  }).flat();
  await live(bundle.path("killed-process"), stores, lifeSeed, killsOfLife);
  for (const { name, url, key: storeKey } of stores) {
    {
      const onWarning = ({ message }: { readonly message: string }): void => assert.fail(message);
      await using store = await openStore(url, {
        onWarning,
        key: storeKey === undefined ? undefined : Buffer.from(storeKey, "hex"),
      });
      const things = openThings(store);
      verifyThings(things, lifeSeed);
      things.get("things")?.set("last", Buffer.from("1"));
    }
    // But by who was killed in the microseconds between making a lock and writing into it who it is: the next one's to find.
    const left = readdirSync(join(directory.path, name));
    if (!left.includes("store.lock.break")) assert.deepEqual(left, ["store"], "nothing is left behind");
  }
}

function fileStore(directory: string, index: number, storeKey: string | undefined): LivingStore {
  const name = `file-${String(index)}`;
  const path = join(directory, name);
  return {
    name,
    url: `file:${join(path, "store")}`,
    key: storeKey,
    inspect: () => {
      if (!existsSync(path)) return;
      // The store's file, a lock, one that breaks locks, and what two processes had begun to write.
      assert.ok(readdirSync(path).length <= 5, readdirSync(path).join(" "));
    },
  };
}

function sqliteStore(directory: string, index: number, storeKey: string | undefined): LivingStore {
  const name = `sqlite-${String(index)}`;
  const path = join(directory, name, "store");
  return {
    name,
    url: `sqlite:${path}`,
    key: storeKey,
    inspect: () => {
      if (!existsSync(path)) return;
      using database = new DatabaseSync(path);
      assert.equal(database.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");
    },
  };
}
