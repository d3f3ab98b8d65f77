import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { setTimeout as timer } from "node:timers/promises";
import { openStore, type Store, type StoreWarning } from "@fairlead/store";
import { createPrivateFile } from "../../src/permissions.ts";
import { RecordStore } from "../../src/record-store.ts";
import { SqliteBackend } from "../../src/sqlite/backend.ts";
import { openDatabase } from "../../src/sqlite/schema.ts";
import { WriterThread } from "../../src/sqlite/writer.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const roomy = { maxEntries: 1_000, secret: false };

describe("a database that is not ours to use", () => {
  it("is refused when a newer version wrote it, and left as it was", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    await makeStore(path);
    edit(path, "PRAGMA user_version = 3; PRAGMA journal_mode = DELETE");
    const before = readFileSync(path);
    await assert.rejects(openStore(`sqlite:${path}`), { name: "StoreError", code: "STORE_NEWER" });
    assert.deepEqual(readFileSync(path), before);
  });

  it("is refused when another application made it, and left as it was", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    edit(path, "CREATE TABLE theirs (a)");
    chmodSync(path, 0o600);
    const before = readFileSync(path);
    await assert.rejects(openStore(`sqlite:${path}`), { code: "STORE_OPEN_FAILED", remedy: "name a file of its own" });
    assert.deepEqual(readFileSync(path), before);
  });

  it("is refused when it is no database, and left as it was", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    writeFileSync(path, "no database ".repeat(1_000), { mode: 0o600 });
    await assert.rejects(openStore(`sqlite:${path}`), { code: "STORE_CORRUPT" });
    assert.equal(readFileSync(path, "utf8"), "no database ".repeat(1_000));
  });
});

describe("damage", () => {
  it("to one record drops it with a warning; the rest loads", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    await makeStore(path, ["first", "damaged", "last"]);
    const content = readFileSync(path);
    const position = content.indexOf("value of damaged");
    assert.equal(content.indexOf("value of damaged", position + 1), -1);
    content.writeUInt8(content.readUInt8(position) ^ 1, position);
    writeFileSync(path, content);
    const warnings: StoreWarning[] = [];
    {
      await using store = await openStore(`sqlite:${path}`, { onWarning: (warning) => warnings.push(warning) });
      assert.deepEqual(keysOf(store), ["first", "last"]);
      assert.equal(store.collection("things", roomy).size, 2);
    }
    assert.deepEqual(
      warnings.map(({ type, collection }) => [type, collection]),
      [["record-dropped", "things"]],
    );
    await using store = await openStore(`sqlite:${path}`, { onWarning: (warning) => warnings.push(warning) });
    assert.deepEqual(keysOf(store), ["first", "last"]);
    assert.equal(warnings.length, 1, "it is gone from the disk");
  });

  it("to the database's structure is STORE_CORRUPT", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    await makeStore(
      path,
      Array.from({ length: 500 }, (_, index) => `key-${String(index)}`),
    );
    const content = readFileSync(path);
    content.fill(0xff, 3 * 4_096);
    writeFileSync(path, content);
    await using store = await openStore(`sqlite:${path}`);
    assert.throws(() => store.collection("things", roomy), { name: "StoreError", code: "STORE_CORRUPT" });
  });
});

describe("a database that another process has locked", () => {
  it("delays writes, but neither reads nor timers, and takers get nothing", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    await makeStore(path, ["a"]);
    await using store = await openStore(`sqlite:${path}`);
    const things = store.collection("things", roomy);
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    assert.equal(await things.take("a"), undefined);
    things.set("b", Buffer.from("1"));
    let settled = false;
    const flushed = store.flush().then(() => {
      settled = true;
    });
    for (let round = 0; round < 20; round++) {
      await timer(1);
      assert.ok(things.get("a"), "it was not taken");
      assert.ok(things.get("b"));
    }
    assert.equal(settled, false);
    other.exec("COMMIT");
    other.close();
    await flushed;
    assert.equal((await things.take("a"))?.key, "a");
  });
});

describe("the writing thread", () => {
  it("is not started by a store that is closed before much was written", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    const writer = new NeverStarted(path);
    const store = await storeWith(path, writer);
    store.collection("things", roomy).set("a", Buffer.from("1"));
    await store.close();
    await using again = await openStore(`sqlite:${path}`);
    assert.deepEqual(keysOf(again), ["a"]);
  });

  it("that crashes is reported, and nothing is lost", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    const warnings: StoreWarning[] = [];
    const crashing = new WriterThread(path, new URL("./crashing-thread.ts", import.meta.url));
    const store = await storeWith(path, crashing, warnings);
    store.collection("things", roomy).set("a", Buffer.from("1"));
    for (let round = 1; round <= 2; round++) {
      await assert.rejects(store.flush(), (error: Error) => {
        assert.match(String(error.cause), /thread crashed/);
        return true;
      });
      assert.equal(warnings.length, round);
    }
    await store.close();
    await using again = await openStore(`sqlite:${path}`);
    assert.deepEqual(keysOf(again), ["a"]);
  });

  it("reports what SQLite says, and the store takes the writes up again", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    await makeStore(path);
    await using store = await openStore(`sqlite:${path}`, { onWarning: () => undefined });
    store.collection("things", roomy).set("refused", Buffer.from("1"));
    edit(path, "CREATE TRIGGER full BEFORE INSERT ON things BEGIN SELECT raise(ABORT, 'no room'); END");
    await assert.rejects(store.flush(), (error: Error) => {
      assert.match(String(error.cause), /no room/);
      return true;
    });
    edit(path, "DROP TRIGGER full");
    await store.flush();
    assert.equal(countRecords(path), 2);
  });
});

describe("what take removed", () => {
  it("is durable after a flush, which moves it out of the log", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    await makeStore(path, ["a", "b"]);
    await using store = await openStore(`sqlite:${path}`);
    assert.ok(await store.collection("things", roomy).take("a"));
    assert.ok(readFileSync(path).includes("value of a"));
    await store.flush();
    const copy = join(directory.path, "copy");
    writeFileSync(copy, readFileSync(path));
    assert.equal(countRecords(copy), 1);
  });
});

class NeverStarted extends WriterThread {
  override write(): Promise<never> {
    return Promise.reject(new Error("the thread was started"));
  }
}

async function storeWith(path: string, writer: WriterThread, warnings: StoreWarning[] = []): Promise<Store> {
  createPrivateFile(path);
  const backend = new SqliteBackend(path, await openDatabase(path), writer);
  return new RecordStore(`sqlite:${path}`, backend, { onWarning: (warning) => warnings.push(warning) });
}

async function makeStore(path: string, keys: readonly string[] = ["a"]): Promise<void> {
  await using store = await openStore(`sqlite:${path}`);
  for (const key of keys) store.collection("things", roomy).set(key, Buffer.from(`value of ${key}`));
}

function keysOf(store: Store): readonly string[] {
  return [...store.collection("things", roomy).entries()].map(({ key }) => key);
}

function edit(path: string, sql: string): void {
  using database = new DatabaseSync(path);
  database.exec(sql);
}

function countRecords(path: string): unknown {
  using database = new DatabaseSync(path);
  return database.prepare("SELECT count(*) AS count FROM things").get()?.["count"];
}
