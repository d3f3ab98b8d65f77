import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CollectionOptions } from "@fairlead/store";
import type { StoreFixture } from "./store-fixture.ts";
import { bytes, keysOf, text } from "./record-text.ts";

const roomy: CollectionOptions = { maxEntries: 100, secret: false };

/** What reads see after writes, while the store is open. */
export function collectionSuite(place: () => StoreFixture): void {
  describe("a collection", () => {
    it("shows a write to reads at once", async () => {
      await using fixture = place();
      await using store = await fixture.open({ now: () => 1_000 });
      const collection = store.collection("things", roomy);
      collection.set("a", bytes("1"), { expiresAt: 8e15 });
      const record = { key: "a", value: new Uint8Array(bytes("1")), expiresAt: 8e15, writtenAt: 1_000 };
      assert.deepEqual(collection.get("a"), record);
      assert.deepEqual(await collection.find("a"), record);
      assert.equal(collection.size, 1);
    });

    it("has no record where none was written", async () => {
      await using fixture = place();
      await using store = await fixture.open();
      const collection = store.collection("things", roomy);
      assert.equal(collection.get("a"), undefined);
      assert.equal(collection.delete("a"), false);
      assert.equal(await collection.take("a"), undefined);
      assert.equal(collection.size, 0);
    });

    it("copies the bytes that it is given", async () => {
      await using fixture = place();
      await using store = await fixture.open();
      const collection = store.collection("things", roomy);
      const value = bytes("before");
      collection.set("a", value);
      value.fill(0);
      assert.equal(text(collection.get("a")), "before");
    });

    it("lists records in the order of writing, and what is written again last", async () => {
      await using fixture = place();
      await using store = await fixture.open();
      const collection = store.collection("things", roomy);
      for (const key of ["c", "a", "b", "c"]) collection.set(key, bytes(key));
      assert.deepEqual(keysOf(collection), ["a", "b", "c"]);
    });

    it("can be changed while it is listed", async () => {
      await using fixture = place();
      await using store = await fixture.open();
      const collection = store.collection("things", roomy);
      for (const key of ["a", "b", "c"]) collection.set(key, bytes(key));
      const seen: string[] = [];
      for (const { key } of collection.entries()) {
        seen.push(key);
        collection.delete("b");
        collection.set(key, bytes("again"));
        collection.set("d", bytes("new"));
      }
      assert.deepEqual(seen, ["a", "c"]);
      assert.deepEqual(keysOf(collection), ["a", "c", "d"]);
    });

    it("deletes one record, and says whether it was there", async () => {
      await using fixture = place();
      await using store = await fixture.open();
      const collection = store.collection("things", roomy);
      collection.set("a", bytes("1"));
      collection.set("b", bytes("2"));
      assert.equal(collection.delete("a"), true);
      assert.equal(collection.delete("a"), false);
      assert.deepEqual(keysOf(collection), ["b"]);
    });

    it("clears itself and no other", async () => {
      await using fixture = place();
      await using store = await fixture.open();
      const things = store.collection("things", roomy);
      const others = store.collection("others", roomy);
      things.set("a", bytes("1"));
      others.set("a", bytes("2"));
      things.clear();
      assert.deepEqual(keysOf(things), []);
      assert.equal(text(others.get("a")), "2");
    });

    it("drops the record that was written longest ago when there are too many", async () => {
      await using fixture = place();
      await using store = await fixture.open();
      const collection = store.collection("things", { maxEntries: 2, secret: false });
      collection.set("a", bytes("1"));
      collection.set("b", bytes("1"));
      collection.set("a", bytes("2"));
      collection.set("c", bytes("1"));
      assert.deepEqual(keysOf(collection), ["a", "c"]);
      assert.equal(collection.size, 2);
    });

    it("drops the records that were written longest ago when they take too many bytes", async () => {
      await using fixture = place();
      await using store = await fixture.open();
      const collection = store.collection("things", { ...roomy, maxBytes: 30 });
      for (const key of ["a", "b", "c"]) collection.set(key, bytes("123456789"));
      assert.deepEqual(keysOf(collection), ["a", "b", "c"]);
      collection.set("d", bytes("1234567890"));
      assert.deepEqual(keysOf(collection), ["c", "d"]);
      collection.set("c", new Uint8Array(30));
      assert.deepEqual(keysOf(collection), ["d"], "what is too large by itself is not kept, nor what it replaces");
      collection.clear();
      collection.set("e", new Uint8Array(29));
      assert.deepEqual(keysOf(collection), ["e"]);
    });

    it("keeps no record for longer than its greatest age", async () => {
      await using fixture = place();
      await using store = await fixture.open({ now: () => 1_000 });
      const collection = store.collection("things", { ...roomy, maxAge: 500 });
      collection.set("a", bytes("1"));
      collection.set("b", bytes("1"), { expiresAt: 8e15 });
      collection.set("c", bytes("1"), { expiresAt: 1_200 });
      assert.deepEqual(
        Array.from(collection.entries(), ({ expiresAt }) => expiresAt),
        [1_500, 1_500, 1_200],
      );
    });

    it("has no record that has expired, from that millisecond on", async () => {
      await using fixture = place();
      let now = 1_000;
      await using store = await fixture.open({ now: () => now });
      const collection = store.collection("things", roomy);
      collection.set("a", bytes("1"), { expiresAt: 2_000 });
      collection.set("b", bytes("1"));
      now = 1_999;
      assert.deepEqual(keysOf(collection), ["a", "b"]);
      now = 2_000;
      assert.deepEqual(keysOf(collection), ["b"]);
      assert.equal(collection.get("a"), undefined);
      assert.equal(collection.delete("a"), false);
      assert.equal(await collection.take("a"), undefined);
    });

    it("deletes a record that is written with an expiry that has passed", async () => {
      await using fixture = place();
      await using store = await fixture.open({ now: () => 1_000 });
      const collection = store.collection("things", roomy);
      collection.set("a", bytes("1"));
      collection.set("a", bytes("2"), { expiresAt: 1_000 });
      assert.equal(collection.get("a"), undefined);
      assert.equal(collection.size, 0);
    });

    it("keeps the time at which a copied record was written, unless that is none, or is to come", async () => {
      await using fixture = place();
      await using store = await fixture.open({ now: () => 1_000 });
      const collection = store.collection("things", roomy);
      const times = { a: 200, b: 200.5, c: 0, d: -1, e: 1_001, f: undefined };
      for (const [key, writtenAt] of Object.entries(times)) collection.set(key, bytes("1"), { writtenAt });
      assert.deepEqual(
        Array.from(collection.entries(), ({ writtenAt }) => writtenAt),
        [200, 200, 0, 0, 1_000, 1_000],
      );
      assert.throws(
        () => {
          collection.set("g", bytes("1"), { writtenAt: NaN });
        },
        { code: "OPTION_INVALID" },
      );
    });

    it("takes an expiry beyond all dates, and none that is not a number", async () => {
      await using fixture = place();
      await using store = await fixture.open();
      const collection = store.collection("things", roomy);
      collection.set("a", bytes("1"), { expiresAt: Infinity });
      assert.equal(text(collection.get("a")), "1");
      assert.throws(
        () => {
          collection.set("b", bytes("1"), { expiresAt: NaN });
        },
        { code: "OPTION_INVALID" },
      );
    });

    it("refuses a key that UTF-8 cannot carry", async () => {
      await using fixture = place();
      await using store = await fixture.open();
      const collection = store.collection("things", roomy);
      assert.throws(
        () => {
          collection.set("\ud800", bytes("1"));
        },
        { code: "OPTION_INVALID" },
      );
      assert.equal(collection.get("\ud800"), undefined);
      assert.equal(collection.delete("\ud800"), false);
    });

    it("hands a record to one taker only", async () => {
      await using fixture = place();
      await using store = await fixture.open({ now: () => 1_000 });
      const collection = store.collection("things", roomy);
      collection.set("a", bytes("1"), { expiresAt: 8e15 });
      const taken = await Promise.all([collection.take("a"), collection.take("a"), collection.take("a")]);
      assert.deepEqual(
        taken.filter((record) => record !== undefined),
        [{ key: "a", value: new Uint8Array(bytes("1")), expiresAt: 8e15, writtenAt: 1_000 }],
      );
      assert.equal(collection.get("a"), undefined);
    });

    it("hands out a record that is on disk already", async () => {
      await using fixture = place();
      await using store = await fixture.open();
      const collection = store.collection("things", roomy);
      collection.set("a", bytes("1"));
      await store.flush();
      const taken = await Promise.all([collection.take("a"), collection.take("a")]);
      assert.deepEqual(taken.map((record) => (record === undefined ? undefined : text(record))).sort(), [
        "1",
        undefined,
      ]);
      assert.equal(collection.get("a"), undefined);
      await store.flush();
    });
  });
}
