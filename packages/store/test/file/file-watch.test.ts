import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { FileWatch } from "../../src/file/file-watch.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

describe("who watches a file", () => {
  it("reads it when it is new, and not again until it is another", async () => {
    using watched = watch();
    await watched.looks("missing", 2);
    assert.deepEqual(watched.told(), ["read"], "it is believed to be missing the second time");
    watched.write("1");
    await watched.looks("there", 3);
    assert.deepEqual(watched.told(), ["read"]);
    watched.write("22");
    await watched.looks("changed", 3);
    assert.deepEqual(watched.told(), ["read"]);
  });

  it("does not believe at once that it is gone", async () => {
    using watched = watch();
    watched.write("1");
    await watched.looks("there", 1);
    assert.deepEqual(watched.told(), ["read"]);
    watched.remove();
    await watched.looks("gone", 1);
    assert.deepEqual(watched.told(), []);
    watched.write("22");
    await watched.looks("put back", 1);
    assert.deepEqual(watched.told(), ["read"]);
    watched.remove();
    await watched.looks("gone for good", 3);
    assert.deepEqual(watched.told(), ["read"]);
  });

  it("tells once that it cannot be read, the second time that it is the same, and once that it can be again", async () => {
    using watched = watch();
    watched.fails(true);
    watched.write("1");
    await watched.looks("half", 1);
    assert.deepEqual(watched.told(), ["read"]);
    watched.write("22");
    await watched.looks("more, half", 1);
    assert.deepEqual(watched.told(), ["read"], "it is being written");
    await watched.looks("half, still", 3);
    assert.deepEqual(watched.told(), ["read", "lost"]);
    watched.write("333");
    await watched.looks("half, in another way", 3);
    assert.deepEqual(watched.told(), ["read", "read"], "it is the same outage");
    watched.fails(false);
    watched.write("4444");
    await watched.looks("whole", 2);
    assert.deepEqual(watched.told(), ["read", "back"]);
  });
});

interface Watched extends Disposable {
  readonly write: (content: string) => void;
  readonly remove: () => void;
  readonly fails: (fails: boolean) => void;
  readonly looks: (why: string, times: number) => Promise<void>;
  /** What it has done since the last call. */
  readonly told: () => readonly string[];
}

function watch(): Watched {
  const directory = temporaryDirectory();
  const path = join(directory.path, "file");
  const told: string[] = [];
  let isFailing = false;
  const watched = new FileWatch({
    path,
    look: () => {
      told.push("read");
      return isFailing ? Promise.reject(new Error("half of it")) : Promise.resolve();
    },
    onLost: () => told.push("lost"),
    onBack: () => told.push("back"),
  });
  return {
    write: (content) => {
      writeFileSync(path, content);
    },
    remove: () => {
      rmSync(path);
    },
    fails: (fails) => {
      isFailing = fails;
    },
    looks: async (_why, times) => {
      for (let time = 0; time < times; time++) await watched.look();
    },
    told: () => told.splice(0),
    [Symbol.dispose]: () => {
      directory[Symbol.dispose]();
    },
  };
}
