import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterEach, describe, it } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { openStore, type Collection, type StoreWarning } from "@fairlead/store";
import { temporaryDirectory } from "../temporary-directory.ts";

const roomy = { maxEntries: 1_000, secret: true };

const surprises: StoreWarning[] = [];

afterEach(() => {
  assert.deepEqual(surprises.splice(0), []);
});

for (const scheme of ["file", "sqlite"]) {
  describe(`changing the key (${scheme})`, () => {
    it("encrypts every record anew, with what is written and deleted meanwhile", async () => {
      using directory = temporaryDirectory();
      const url = `${scheme}:${join(directory.path, "store")}`;
      const [first, second] = twoKeys();
      {
        await using store = await openStore(url, { key: first });
        const things = store.collection("things", roomy);
        for (let index = 0; index < 600; index++)
          things.set(`old ${String(index)}`, Buffer.from("1"), { expiresAt: 8e15 });
        store.collection("never-opened-again", roomy).set("a", Buffer.from("1"));
      }
      {
        await using store = await openStore(url, { key: first });
        const things = store.collection("things", roomy);
        things.set("before", Buffer.from("1"));
        const rotated = store.rotateKey(second);
        things.set("meanwhile", Buffer.from("1"));
        things.set("before", Buffer.from("2"));
        things.delete("old 0");
        await rotated;
        things.delete("old 1");
        assert.equal(things.size, 600);
        assert.equal(await text(things.take("old 2")), "1");
      }
      await using store = await openStore(url, { key: second, onWarning: unexpected });
      const things = store.collection("things", roomy);
      assert.equal(things.size, 599);
      assert.equal(text(things.get("meanwhile")), "1");
      assert.equal(text(things.get("before")), "2");
      assert.equal(things.get("old 599")?.expiresAt, 8e15);
      assert.equal(text(store.collection("never-opened-again", roomy).get("a")), "1");
    });

    it("is followed by others who have the store open and can have the key, and loses nothing of theirs", async () => {
      using directory = temporaryDirectory();
      const url = `${scheme}:${join(directory.path, "store")}`;
      const [first, second] = twoKeys();
      let current = first;
      await using one = await openStore(url, { key: first, onWarning: unexpected });
      const mine = one.collection("things", roomy);
      for (const key of ["a", "b", "c"]) mine.set(key, Buffer.from("1"));
      await one.flush();
      await using two = await openStore(url, { key: () => Promise.resolve(current), onWarning: unexpected });
      const theirs = two.collection("things", roomy);
      const told: string[] = [];
      theirs.onForeignChange(({ key }) => told.push(key));
      theirs.set("theirs", Buffer.from("1"));
      theirs.delete("b");
      current = second;
      await one.rotateKey(second);
      mine.set("mine", Buffer.from("1"));
      await one.flush();
      await two.flush();
      // Where nothing waited to be written, it is seen a moment later.
      while (theirs.get("mine") === undefined) await nextTurn();
      assert.deepEqual(keysOf(theirs), ["a", "c", "mine", "theirs"]);
      assert.deepEqual(told, ["mine"], "what only got another name is no news");
      await using store = await openStore(url, { key: second, onWarning: unexpected });
      assert.deepEqual(keysOf(store.collection("things", roomy)), ["a", "c", "mine", "theirs"]);
    });

    it("leaves one who cannot have the key with what is in memory; nothing of that is written, which is told once", async () => {
      using directory = temporaryDirectory();
      const url = `${scheme}:${join(directory.path, "store")}`;
      const [first, second] = twoKeys();
      const warnings: StoreWarning[] = [];
      const onWarning = (warning: StoreWarning): void => {
        warnings.push(warning);
      };
      await using one = await openStore(url, { key: first });
      one.collection("things", roomy).set("a", Buffer.from("1"));
      await one.flush();
      const two = await openStore(url, { key: first, onWarning });
      const theirs = two.collection("things", roomy);
      await one.rotateKey(second);
      theirs.set("theirs", Buffer.from("1"));
      for (let round = 0; round < 2; round++) await assert.rejects(two.flush(), { code: "STORE_WRITE_FAILED" });
      assert.deepEqual(keysOf(theirs), ["a", "theirs"]);
      assert.equal(theirs.delete("a"), true);
      await assert.rejects(two.close(), { code: "STORE_WRITE_FAILED" });
      assert.deepEqual(
        warnings.map(({ type }) => type),
        ["key-lost"],
      );
      await one.close();
      await using store = await openStore(url, { key: second, onWarning: unexpected });
      assert.deepEqual(keysOf(store.collection("things", roomy)), ["a"]);
    });

    it("leaves one who has a plain store open, when another encrypts it, with what is in memory", async () => {
      using directory = temporaryDirectory();
      const url = `${scheme}:${join(directory.path, "store")}`;
      const [key] = twoKeys();
      const warnings: StoreWarning[] = [];
      const plain = await openStore(url, { onWarning: (warning) => warnings.push(warning) });
      const things = plain.collection("things", roomy);
      things.set("a", Buffer.from("1"));
      await plain.flush();
      await using sealed = await openStore(url, { key, onWarning: unexpected });
      things.set("b", Buffer.from("1"));
      await assert.rejects(plain.flush(), { code: "STORE_WRITE_FAILED" });
      assert.deepEqual(keysOf(things), ["a", "b"]);
      await assert.rejects(plain.close(), { code: "STORE_WRITE_FAILED" });
      assert.deepEqual(
        warnings.map(({ type }) => type),
        ["key-lost"],
      );
      assert.deepEqual(keysOf(sealed.collection("things", roomy)), ["a"]);
    });

    it("refuses the key that the store has, and a store that has none", async () => {
      using directory = temporaryDirectory();
      const url = `${scheme}:${join(directory.path, "store")}`;
      const [key] = twoKeys();
      {
        await using store = await openStore(url);
        await assert.rejects(store.rotateKey(key), { name: "UsageError", code: "OPTION_INVALID" });
      }
      await using store = await openStore(url, { key });
      await assert.rejects(store.rotateKey(key), { name: "UsageError", code: "OPTION_INVALID" });
      await assert.rejects(store.rotateKey(new Uint8Array(31)), { code: "STORE_KEY_INVALID" });
      store.collection("things", roomy).set("a", Buffer.from("1"));
      await store.flush();
    });
  });
}

function twoKeys(): readonly [Uint8Array, Uint8Array] {
  return [new Uint8Array(randomBytes(32)), new Uint8Array(randomBytes(32))];
}

function unexpected(warning: StoreWarning): void {
  surprises.push(warning);
}

function keysOf(collection: Collection): readonly string[] {
  return Array.from(collection.entries(), ({ key }) => key).sort();
}

type Value = { readonly value: Uint8Array } | undefined;
function text(record: Promise<Value>): Promise<string | undefined>;
function text(record: Value): string | undefined;
function text(record: Value | Promise<Value>): unknown {
  if (record instanceof Promise) return record.then((found) => text(found));
  return record && Buffer.from(record.value).toString();
}
