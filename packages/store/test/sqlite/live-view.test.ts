import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { openStore, type Collection, type Store } from "@fairlead/store";
import { temporaryDirectory } from "../temporary-directory.ts";

const roomy = { maxEntries: 100_000, secret: false };

describe("what others write in the database", () => {
  it("is there without opening the store again: what they put, replace, take, delete and clear", async () => {
    await using pair = await openTwice();
    const { first, second, two } = pair;
    const told: string[] = [];
    first.onForeignChange(({ key, record }) => told.push(`${key}=${text(record?.value)}`));

    second.set("a", Buffer.from("1"), { expiresAt: 8e15 });
    second.set("b", Buffer.from("2"));
    await two.flush();
    await until(first, () => first.size === 2);
    assert.equal(first.get("a")?.expiresAt, 8e15);
    assert.equal(first.get("a")?.writtenAt, second.get("a")?.writtenAt);

    second.set("a", Buffer.from("3"));
    second.delete("b");
    await two.flush();
    await until(first, () => text(first.get("a")?.value) === "3" && first.size === 1);

    assert.ok(await second.take("a"));
    await until(first, () => first.size === 0);

    second.set("a", Buffer.from("4"));
    await two.flush();
    await until(first, () => first.size === 1);
    second.clear();
    await two.flush();
    await until(first, () => first.size === 0);
    assert.deepEqual(told, ["a=1", "b=2", "b=-", "a=3", "a=-", "a=4", "a=-"]);
  });

  it("is there in the end whatever they do to a record within a moment", async () => {
    await using pair = await openTwice();
    const { first, second, two } = pair;
    for (const step of ["put", "delete", "put again"]) {
      if (step === "delete") second.delete("a");
      else second.set("a", Buffer.from(step));
      await two.flush();
    }
    second.set("last", Buffer.from("1"));
    await two.flush();
    await until(first, () => first.get("last") !== undefined);
    assert.equal(text(first.get("a")?.value), "put again");
  });

  it("is read in slices, between which other work goes on", async () => {
    await using pair = await openTwice();
    const { first, second, two } = pair;
    for (let index = 0; index < 3_000; index++) second.set(String(index), Buffer.from("1"));
    const sizes: number[] = [];
    await Promise.all([
      two.flush(),
      until(
        first,
        () => first.size === 3_000,
        (size) => sizes.push(size),
      ),
    ]);
    const largestStep = sizes.reduce((largest, size, index) => Math.max(largest, size - (sizes[index - 1] ?? 0)), 0);
    // At a turn of the event loop, a slice may come by the clock beside the one that follows another.
    assert.ok(largestStep <= 2 * 256, `a step of ${String(largestStep)}`);
    for (let index = 0; index < 3_000; index++) assert.ok(first.get(String(index)));
  });

  it("is read anew, all of it, when more was deleted than anybody keeps a list of", async () => {
    await using pair = await openTwice();
    const { path, first, second, two } = pair;
    for (const key of ["gone", "stays"]) second.set(key, Buffer.from("1"));
    await two.flush();
    await until(first, () => first.size === 2);
    edit(path, "BEGIN; DELETE FROM things WHERE key = 'gone'; DELETE FROM fairlead_deletions; COMMIT");
    await until(first, () => first.size === 1);
    assert.ok(first.get("stays"));
  });

  it("is there also when a person or an older Fairlead deletes and writes", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    await using one = await openStore(`sqlite:${path}`);
    const first = one.collection("things", roomy);
    first.set("a", Buffer.from("1"));
    await one.flush();
    edit(path, "DELETE FROM things");
    await until(first, () => first.size === 0);
  });
});

describe("the names of what was deleted", () => {
  it("are gone from the file when the last process has closed the store", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    const one = await openStore(`sqlite:${path}`);
    const two = await openStore(`sqlite:${path}`);
    const first = one.collection("things", roomy);
    first.set("secret.example", Buffer.from("1"));
    await one.flush();
    first.delete("secret.example");
    await one.close();
    assert.equal(count(path, "fairlead_deletions"), 1, "the other still has to read it");
    await two.close();
    assert.equal(readFileSync(path).includes("secret.example"), false);
  });
});

/** One database that is open in two stores, as in two processes. */
interface OpenTwice extends AsyncDisposable {
  readonly path: string;
  readonly first: Collection;
  readonly second: Collection;
  /** The store of the second collection. */
  readonly two: Store;
}

async function openTwice(): Promise<OpenTwice> {
  const directory = temporaryDirectory();
  const path = join(directory.path, "db");
  const one = await openStore(`sqlite:${path}`);
  const two = await openStore(`sqlite:${path}`);
  return {
    path,
    first: one.collection("things", roomy),
    second: two.collection("things", roomy),
    two,
    [Symbol.asyncDispose]: async () => {
      await two.close();
      await one.close();
      directory[Symbol.dispose]();
    },
  };
}

/** Resolves when a condition holds, which is looked at each time that others may have changed something. */
async function until(collection: Collection, holds: () => boolean, look?: (size: number) => void): Promise<void> {
  while (!holds()) {
    await turn();
    look?.(collection.size);
  }
}

function text(value: Uint8Array | undefined): string {
  return value === undefined ? "-" : Buffer.from(value).toString();
}

function edit(path: string, sql: string): void {
  using database = new DatabaseSync(path);
  database.exec(sql);
}

function count(path: string, table: string): unknown {
  using database = new DatabaseSync(path);
  return database.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.["count"];
}
