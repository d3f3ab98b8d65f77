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

// A life is a new store and the processes that write to it one after the other, to one of each kind at the same time.
const lives = 40;
const killsOfLife = 25;
const seed = 20_261_121;

describe("kill -9 in the middle of writing", () => {
  let bundle: Bundle;
  before(async () => {
    bundle = await bundlePrograms("killed-process");
  });
  after(() => {
    bundle[Symbol.dispose]();
  });

  it(`loses no flushed record and damages nothing, ${String(lives * killsOfLife)} times (file and sqlite)`, async () => {
    const waiting = Array.from({ length: lives }, (_, index) => seed + index);
    const liveAll = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await liveOnce(bundle, next);
    };
    await Promise.all([liveAll(), liveAll()]);
  });
});

async function liveOnce(bundle: Bundle, lifeSeed: number): Promise<void> {
  using directory = temporaryDirectory();
  const stores = [fileStore(join(directory.path, "file")), sqliteStore(join(directory.path, "sqlite"))];
  await live(bundle.path("killed-process"), stores, lifeSeed, killsOfLife);
  for (const { url } of stores) {
    await using store = await openStore(url, { onWarning: ({ message }) => assert.fail(message) });
    const things = openThings(store);
    verifyThings(things, lifeSeed);
    things.get("things")?.set("last", Buffer.from("1"));
  }
  assert.deepEqual(readdirSync(join(directory.path, "file")), ["store.json"]);
  assert.deepEqual(readdirSync(join(directory.path, "sqlite")), ["store.db"]);
}

function fileStore(directory: string): LivingStore {
  return {
    name: "file",
    url: `file:${join(directory, "store.json")}`,
    inspect: () => {
      if (!existsSync(directory)) return;
      // The store's file, a lock, one that breaks locks, and what two processes had begun to write.
      assert.ok(readdirSync(directory).length <= 5, readdirSync(directory).join(" "));
    },
  };
}

function sqliteStore(directory: string): LivingStore {
  const path = join(directory, "store.db");
  return {
    name: "sqlite",
    url: `sqlite:${path}`,
    inspect: () => {
      if (!existsSync(path)) return;
      using database = new DatabaseSync(path);
      assert.equal(database.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");
    },
  };
}
