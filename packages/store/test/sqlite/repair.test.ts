import assert from "node:assert/strict";
import { chmodSync, linkSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { openStore, type Store, type StoreWarning } from "@fairlead/store";
import { temporaryDirectory } from "../temporary-directory.ts";

const roomy = { maxEntries: 100_000, secret: false };
const count = 5_000;
const pageSize = 4_096;

describe("a database with a damaged page", () => {
  it("is refused as it is, and left so", async () => {
    using directory = temporaryDirectory();
    const path = await damagedStore(directory.path);
    const before = readFileSync(path);
    {
      await using store = await openStore(`sqlite:${path}`);
      assert.throws(() => store.collection("things", roomy), { code: "STORE_CORRUPT" });
    }
    assert.deepEqual(readFileSync(path), before);
    assert.deepEqual(readdirSync(directory.path), ["db"]);
  });

  it("is replaced, where repair is asked for, by one with all that can be read, and kept beside it", async () => {
    using directory = temporaryDirectory();
    const path = await damagedStore(directory.path);
    const warnings: StoreWarning[] = [];
    const options = { repair: true, onWarning: (warning: StoreWarning) => warnings.push(warning) };
    {
      await using store = await openStore(`sqlite:${path}`, options);
      assert.equal(store.collection("others", roomy).size, 100);
      const things = verify(store);
      assert.ok(things.length > count - 100 && things.length < count, `${String(things.length)} salvaged`);
      assert.deepEqual(
        things,
        things.toSorted((a, b) => a - b),
        "in the order of writing",
      );
      store.collection("things", roomy).set("new", Buffer.from("1"));
    }
    const [warning] = warnings;
    assert.equal(warnings.length, 1);
    assert.equal(warning?.type, "repaired");
    const [name, aside = "", ...rest] = readdirSync(directory.path).sort();
    assert.deepEqual([name, rest], ["db", []]);
    assert.match(aside, /^db\.damaged-\d{8}T\d{9}Z$/);
    assert.ok(warning.message.includes(aside));
    assert.equal(statSync(join(directory.path, aside)).mode & 0o777, 0o600);
    assert.ok(readFileSync(join(directory.path, aside)).includes(Buffer.alloc(pageSize, 0xff)));

    await using again = await openStore(`sqlite:${path}`, options);
    assert.ok(again.collection("things", roomy).get("new"));
    assert.equal(warnings.length, 1, "it is sound now");
  });

  it("is not replaced while another process has it open", async () => {
    using directory = temporaryDirectory();
    const path = await damagedStore(directory.path);
    await using other = await openStore(`sqlite:${path}`);
    assert.equal(other.collection("others", roomy).size, 100);
    await assert.rejects(openStore(`sqlite:${path}`, { repair: true }), (error: Error & { readonly code?: string }) => {
      assert.equal(error.code, "STORE_CORRUPT");
      assert.match(error.message, /another process/);
      return true;
    });
    assert.equal(other.collection("others", roomy).size, 100);
    assert.deepEqual(readdirSync(directory.path).sort(), ["db", "db-shm", "db-wal"]);
  });

  it("is repaired whichever page it is; a leaf costs no more than what stands on it", async () => {
    using original = temporaryDirectory();
    const sound = readFileSync(await makeStore(original.path, 600));
    const left: number[] = [];
    for (let page = 0; page < sound.length / pageSize; page++) {
      using directory = temporaryDirectory();
      const path = join(directory.path, "db");
      const content = Buffer.from(sound);
      // A database whose header is gone is not known to be ours; the rest of its page is its schema.
      const start = page === 0 ? 100 : page * pageSize;
      content.fill(page % 2 === 0 ? 0xff : 0x00, start, (page + 1) * pageSize);
      writeFileSync(path, content, { mode: 0o600 });
      await using store = await openStore(`sqlite:${path}`, { repair: true, onWarning: () => undefined });
      left.push(verify(store).length);
      store.collection("things", roomy).set("new", Buffer.from("1"));
      await store.flush();
    }
    // What cannot be read again: the schema, and the root of the table.
    assert.ok(left.filter((records) => records < 450).length <= 2, left.join(" "));
  });

  it("is repaired when a process was killed that had just put it aside", async () => {
    using directory = temporaryDirectory();
    const path = await damagedStore(directory.path);
    linkSync(path, `${path}.damaged-before`);
    writeFileSync(`${path}.repaired`, "half", { mode: 0o600 });
    await using store = await openStore(`sqlite:${path}`, { repair: true, onWarning: () => undefined });
    assert.equal(store.collection("others", roomy).size, 100);
    assert.equal(readdirSync(directory.path).filter((name) => name.startsWith("db.")).length, 1);
    assert.ok(readdirSync(directory.path).every((name) => name !== "db.damaged-before"));
  });
});

describe("a database that was cut off", () => {
  for (const [what, lengthOf] of Object.entries({
    "within the magic number": () => 7,
    "after it": () => 16,
    "within the header": () => 80,
    "within the first page": () => 2_000,
    "after the first page": () => pageSize,
    "within a page": (size: number) => Math.floor(size / 2) + 17,
    "at the end of a page": (size: number) => Math.floor(size / 2 / pageSize) * pageSize,
  })) {
    it(`${what} is refused and left as it is, or repaired`, async () => {
      using directory = temporaryDirectory();
      const path = await makeStore(directory.path);
      truncateSync(path, lengthOf(statSync(path).size));
      const before = readFileSync(path);
      await assert.rejects(openAll(path), { name: "StoreError", code: "STORE_CORRUPT" });
      assert.deepEqual(readFileSync(path), before);
      const warnings: StoreWarning[] = [];
      await using store = await openStore(`sqlite:${path}`, {
        repair: true,
        onWarning: (warning) => warnings.push(warning),
      });
      verify(store);
      assert.deepEqual(
        warnings.map(({ type }) => type),
        ["repaired"],
      );
      store.collection("things", roomy).set("new", Buffer.from("1"));
      await store.flush();
    });
  }

  it("before its last byte costs the record at most that the byte was of", async () => {
    using directory = temporaryDirectory();
    const path = await makeStore(directory.path);
    truncateSync(path, statSync(path).size - 1);
    await using store = await openStore(`sqlite:${path}`, { onWarning: () => undefined });
    assert.ok(verify(store).length >= count - 1);
    assert.equal(store.collection("others", roomy).size, 100);
  });

  it("to nothing, where its write-ahead log is still there, is refused and left as it is, or repaired", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "db");
    writeFileSync(path, "", { mode: 0o600 });
    writeFileSync(`${path}-wal`, "what was written last", { mode: 0o600 });
    await assert.rejects(openStore(`sqlite:${path}`), { code: "STORE_CORRUPT" });
    assert.equal(readFileSync(`${path}-wal`, "utf8"), "what was written last");
    await using store = await openStore(`sqlite:${path}`, { repair: true, onWarning: () => undefined });
    assert.deepEqual(store.collectionNames(), []);
    const [log = ""] = readdirSync(directory.path).filter((name) => /^db\.damaged-.*-wal$/.test(name));
    assert.equal(readFileSync(join(directory.path, log), "utf8"), "what was written last");
  });
});

describe("a file that was never ours", () => {
  it("is not repaired but refused, and left as it is", async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, "notes");
    for (const content of ["my notes\n".repeat(1_000), "SQLite format 3\0".padEnd(200, "x")]) {
      writeFileSync(path, content);
      chmodSync(path, 0o600);
      await assert.rejects(openStore(`sqlite:${path}`, { repair: true }), { code: "STORE_CORRUPT" });
      assert.equal(readFileSync(path, "utf8"), content);
      assert.deepEqual(readdirSync(directory.path), ["notes"]);
    }
  });
});

async function makeStore(directory: string, records = count): Promise<string> {
  const path = join(directory, "db");
  await using store = await openStore(`sqlite:${path}`);
  const things = store.collection("things", roomy);
  const others = store.collection("others", roomy);
  for (let index = 0; index < 100; index++) others.set(String(index), Buffer.from("1"));
  for (let index = 0; index < records; index++) {
    things.set(`key-${String(index)}`, Buffer.from(`value of ${String(index)}`));
  }
  return path;
}

async function damagedStore(directory: string): Promise<string> {
  const path = await makeStore(directory);
  const content = readFileSync(path);
  const page = Math.floor(content.indexOf("value of 2500") / pageSize);
  content.fill(0xff, page * pageSize, (page + 1) * pageSize);
  writeFileSync(path, content);
  return path;
}

async function openAll(path: string): Promise<void> {
  await using store = await openStore(`sqlite:${path}`);
  for (const name of ["things", "others"]) store.collection(name, roomy);
}

/** Makes sure of the records that are there. @returns their numbers. */
function verify(store: Store): readonly number[] {
  return Array.from(store.collection("things", roomy).entries(), ({ key, value }) => {
    const number = Number(key.slice("key-".length));
    assert.equal(Buffer.from(value).toString(), `value of ${String(number)}`);
    return number;
  });
}
