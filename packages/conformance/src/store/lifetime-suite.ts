import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StoreFixture } from "./store-fixture.ts";
import { bytes } from "./record-text.ts";

const roomy = { maxEntries: 100, secret: false };
const closed = { name: "StoreError", code: "STORE_CLOSED" };

/** Opening collections, flushing, closing. */
export function lifetimeSuite(place: () => StoreFixture): void {
  describe("an open store", () => {
    it("gives the same collection for the same name, with the options of the first call", async () => {
      await using fixture = place();
      await using store = await fixture.open();
      const first = store.collection("things", { maxEntries: 100, secret: true });
      assert.equal(store.collection("things", roomy), first);
      assert.equal(first.name, "things");
      assert.equal(first.secret, true);
    });

    it("refuses names and bounds that make no sense", async () => {
      await using fixture = place();
      await using store = await fixture.open();
      for (const name of ["", "Things", "two words", 'quo"te', "-a", "a-", "sqlite_x", "__proto__"]) {
        assert.throws(() => store.collection(name, roomy), { name: "UsageError", code: "OPTION_INVALID" }, name);
      }
      for (const maxEntries of [0, -1, 1.5, NaN, Infinity]) {
        assert.throws(() => store.collection("a", { maxEntries, secret: false }), { code: "OPTION_INVALID" });
      }
    });

    it("names the collections that hold records", async () => {
      await using fixture = place();
      await using store = await fixture.open();
      assert.deepEqual(store.collectionNames(), []);
      store.collection("things", roomy).set("a", bytes("1"));
      store.collection("others", roomy).set("a", bytes("1"));
      store.collection("empty", roomy);
      assert.deepEqual(store.collectionNames(), ["others", "things"]);
      await store.flush();
      store.collection("things", roomy).clear();
      assert.deepEqual(store.collectionNames(), ["others"]);
    });

    it("flushes when there is nothing to write, and many times at once", async () => {
      await using fixture = place();
      await using store = await fixture.open();
      await store.flush();
      store.collection("things", roomy).set("a", bytes("1"));
      await Promise.all([store.flush(), store.flush(), store.flush()]);
    });
  });

  describe("a closed store", () => {
    it("can be closed again", async () => {
      await using fixture = place();
      const store = await fixture.open();
      await Promise.all([store.close(), store.close()]);
      await store.close();
      await store[Symbol.asyncDispose]();
    });

    it("refuses everything else", async () => {
      await using fixture = place();
      const store = await fixture.open();
      const collection = store.collection("things", roomy);
      collection.set("a", bytes("1"));
      const closing = store.close();
      const calls: (() => unknown)[] = [
        () => store.collection("things", roomy),
        () => store.collectionNames(),
        () => collection.get("a"),
        () => collection.entries(),
        () => {
          collection.set("b", bytes("1"));
        },
        () => collection.delete("a"),
        () => {
          collection.clear();
        },
      ];
      for (const call of calls) assert.throws(call, closed);
      await assert.rejects(collection.take("a"), closed);
      await assert.rejects(store.flush(), closed);
      await closing;
      for (const call of calls) assert.throws(call, closed);
    });
  });
}
