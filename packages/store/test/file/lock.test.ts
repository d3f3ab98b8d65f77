import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { openStore } from "@fairlead/store";
import { acquireFileLock } from "../../src/file/lock.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const anHourAgo = new Date(Date.now() - 3_600_000);

describe("a lock", () => {
  it("is held by one at a time", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "lock");
    let holders = 0;
    const enter = async (): Promise<void> => {
      const lock = await acquireFileLock(path, 60_000);
      assert.ok(lock);
      assert.equal(++holders, 1);
      assert.equal(await lock.isHeld(), true);
      holders--;
      await lock.release();
    };
    await Promise.all(Array.from({ length: 10 }, enter));
    assert.equal(existsSync(path), false);
  });

  it("is not waited for longer than asked", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "lock");
    const lock = await acquireFileLock(path, 0);
    assert.equal(await acquireFileLock(path, 0), undefined);
    await lock?.release();
  });

  it("that a dead process left behind is removed, by one of those that find it", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "lock");
    const leftBehind = JSON.stringify({ pid: deadPid(), host: hostname(), token: "" });
    // Many times, because it depends on who comes when.
    for (let round = 0; round < 50; round++) {
      writeFileSync(path, leftBehind);
      const locks = await Promise.all(
        Array.from({ length: 8 }, async (_, index) => {
          for (let turns = 0; turns < (index * round) % 13; turns++) await turn();
          return acquireFileLock(path, 0);
        }),
      );
      assert.ok(locks.filter((lock) => lock !== undefined).length <= 1);
      const lock = locks.find((found) => found !== undefined) ?? (await acquireFileLock(path, 1_000));
      assert.equal(await lock?.isHeld(), true);
      await lock?.release();
    }
    assert.deepEqual(readdirSync(directory.path), []);
  });

  it("of a process whose number another one has by now is removed", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "lock");
    writeFileSync(path, JSON.stringify({ pid: process.pid, host: hostname(), started: "1", token: "" }));
    const lock = await acquireFileLock(path, 0);
    assert.equal(lock?.wasLeftBehind, true);
    assert.equal(await acquireFileLock(path, 0), undefined, "ours is alive");
    await lock.release();
  });

  it("of another machine, or one without a name yet, is left alone until it is old", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "lock");
    const elsewhere = JSON.stringify({ pid: deadPid(), host: "another.example", token: "" });
    for (const [content, old] of [
      [elsewhere, anHourAgo],
      ["", new Date(Date.now() - 3_000)],
    ] as const) {
      writeFileSync(path, content);
      assert.equal(await acquireFileLock(path, 0), undefined);
      utimesSync(path, old, old);
      const lock = await acquireFileLock(path, 0);
      assert.equal(lock?.wasLeftBehind, true);
      await lock.release();
    }
  });

  it("that was taken from us is not released by us", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "lock");
    const ours = await acquireFileLock(path, 0);
    utimesSync(path, anHourAgo, anHourAgo);
    const theirs = await acquireFileLock(path, 0);
    assert.equal(await ours?.isHeld(), false);
    await ours?.release();
    assert.equal(await theirs?.isHeld(), true);
  });
});

describe("a process that was killed while it wrote the file", () => {
  it("leaves nothing behind that the next one does not clear away", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store.json");
    writeFileSync(`${path}.lock.break`, JSON.stringify({ pid: deadPid(), host: hostname(), token: "" }));
    writeFileSync(`${path}.lock`, JSON.stringify({ pid: deadPid(), host: hostname(), token: "" }));
    writeFileSync(`${path}.01234567-0123-0123-0123-0123456789ab`, "{", { mode: 0o600 });
    writeFileSync(`${path}.backup`, "");
    {
      await using store = await openStore(`file:${path}`);
      store.collection("things", { maxEntries: 1, secret: false }).set("a", Buffer.from("1"));
    }
    assert.deepEqual(readdirSync(directory.path).sort(), ["store.json", "store.json.backup"]);
  });
});

function deadPid(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}
