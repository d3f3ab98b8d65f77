import assert from "node:assert/strict";
import { copyFileSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openStore, type Store, type StoreWarning } from "@fairlead/store";
import { temporaryDirectory } from "../temporary-directory.ts";

const options = { maxEntries: 1_000, secret: false };

describe("a file that was cut off", () => {
  it("at its very beginning is an empty store, which is told, because a store never writes that (file)", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "store.json");
    writeFileSync(path, "", { mode: 0o600 });
    assert.equal(await openDamaged(`file:${path}`, 3), "told");
  });
});

/** Sizes of what a database and its log consist of: https://www.sqlite.org/fileformat2.html */
const [pageBytes, headerBytes, logHeaderBytes, frameHeaderBytes] = [4_096, 100, 32, 24];

describe("a database that was cut off", () => {
  it("anywhere is refused as damaged, or read with a warning of what is missing", async () => {
    using source = temporaryDirectory();
    await makeStore(`sqlite:${join(source.path, "db")}`, 200);
    const size = readFileSync(join(source.path, "db")).length;
    for (const length of offsetsOf(size, 0, pageBytes, [headerBytes])) {
      using directory = temporaryDirectory();
      copyFileSync(join(source.path, "db"), join(directory.path, "db"));
      truncateSync(join(directory.path, "db"), length);
      const outcome = await openDamaged(`sqlite:${join(directory.path, "db")}`, 200);
      // An empty file is what a process that is killed before it makes the schema leaves.
      const expected = length === 0 ? ["silent"] : ["STORE_CORRUPT", "told"];
      assert.ok(expected.includes(outcome), `cut at ${String(length)}: ${outcome}`);
    }
  });

  it("in its log is at a state that it was in, whatever is left of the log's index", async () => {
    using source = temporaryDirectory();
    await using living = await openStore(`sqlite:${join(source.path, "db")}`);
    const things = living.collection("things", options);
    for (let index = 0; index < 6; index++) {
      things.set(`key-${String(index)}`, Buffer.from(valueOf(index)));
      await living.flush();
    }
    const logBytes = readFileSync(join(source.path, "db-wal")).length;
    const states = new Set<number>();
    for (const length of offsetsOf(logBytes, logHeaderBytes, frameHeaderBytes + pageBytes, [frameHeaderBytes])) {
      for (const index of length % 8 === 0 ? ["whole", "cut", "gone"] : ["whole"]) {
        using directory = copyOf(source.path);
        truncateSync(join(directory.path, "db-wal"), length);
        if (index === "cut") truncateSync(join(directory.path, "db-shm"), length % 32_768);
        if (index === "gone") rmSync(join(directory.path, "db-shm"));
        await using store = await openStore(`sqlite:${join(directory.path, "db")}`, { onWarning: failOnWarning });
        states.add(expectPrefix(store));
        // Written as it is closed: that starts no thread.
        store.collection("things", options).set("new", Buffer.from("1"));
      }
    }
    assert.ok(states.size > 4, "most cuts leave a state of their own");
  });
});

/** Zero, the ends of what a file consists of, one byte before and after them, the ends of headers, and the middles. */
function offsetsOf(size: number, start: number, step: number, inside: readonly number[]): readonly number[] {
  const offsets = new Set<number>([0, 1, start]);
  for (let unit = start; unit < size; unit += step) {
    for (const offset of [-1, 0, 1, ...inside, Math.floor(step / 2)]) offsets.add(unit + offset);
  }
  return [...offsets].filter((offset) => offset >= 0 && offset < size);
}

/** @returns what opening was refused with, or what was found. */
async function openDamaged(url: string, records: number): Promise<string> {
  const warnings: StoreWarning[] = [];
  try {
    await using store = await openStore(url, { onWarning: (warning) => warnings.push(warning) });
    const things = store.collection("things", options);
    const found = [...things.entries()].length;
    return found === records ? "whole" : warnings.length > 0 ? "told" : "silent";
  } catch (error) {
    assert.ok(error instanceof Error && "code" in error, String(error));
    return String(error.code);
  }
}

async function makeStore(url: string, records: number): Promise<void> {
  await using store = await openStore(url);
  const things = store.collection("things", options);
  for (let index = 0; index < records; index++) things.set(`key-${String(index)}`, Buffer.from(valueOf(index)));
}

function valueOf(index: number): string {
  return `value of ${String(index)} `.repeat(10);
}

/** @returns the number of records, which are the first ones that were written. */
function expectPrefix(store: Store): number {
  const found = [...store.collection("things", options).entries()];
  found.forEach(({ key, value }, index) => {
    assert.equal(key, `key-${String(index)}`);
    assert.equal(Buffer.from(value).toString(), valueOf(index));
  });
  return found.length;
}

function copyOf(path: string): ReturnType<typeof temporaryDirectory> {
  const directory = temporaryDirectory();
  for (const name of readdirSync(path)) copyFileSync(join(path, name), join(directory.path, name));
  return directory;
}

function failOnWarning({ message }: StoreWarning): void {
  assert.fail(message);
}
