import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Collection, Store } from "@fairlead/store";
import type { StoreFixture } from "./store-fixture.ts";
import { bytes, keysOf, text } from "./record-text.ts";

const roomy = { maxEntries: 100, secret: false };

/** Each run costs a disk: a failure is told by its seed, without thousands more in search of a smaller one. */
const onDisk = { endOnFailure: true } as const;

/** What is there when the store is opened again, or is open twice. */
export function persistenceSuite(place: () => StoreFixture): void {
  describe("a store that is opened again", () => {
    it("has what was flushed or closed, in the order of writing", async () => {
      await using fixture = place();
      {
        await using store = await fixture.open();
        const collection = store.collection("things", roomy);
        for (const key of ["c", "a", "b"]) collection.set(key, bytes(key), { expiresAt: 8e15 });
        await store.flush();
        collection.set("c", bytes("again"));
      }
      await using store = await fixture.open();
      const collection = store.collection("things", roomy);
      assert.deepEqual(keysOf(collection), ["a", "b", "c"]);
      assert.equal(text(collection.get("c")), "again");
      assert.equal(collection.get("c")?.expiresAt, undefined);
      assert.equal(collection.get("a")?.expiresAt, 8e15);
    });

    it("keeps and names collections that it was not asked for", async () => {
      await using fixture = place();
      {
        await using store = await fixture.open();
        store.collection("things", roomy).set("a", bytes("1"));
      }
      {
        await using store = await fixture.open();
        store.collection("others", roomy).set("b", bytes("2"));
        assert.deepEqual(store.collectionNames(), ["others", "things"]);
      }
      await using store = await fixture.open();
      assert.equal(text(store.collection("things", roomy).get("a")), "1");
    });

    it("keeps the newest records within the bound of bytes, whether they were read before or not", async () => {
      await using fixture = place();
      {
        await using store = await fixture.open();
        for (const key of ["a", "b", "c", "d"]) store.collection("things", roomy).set(key, bytes("123456789"));
      }
      await using store = await fixture.open();
      const collection = store.collection("things", { ...roomy, maxBytes: 30 });
      assert.equal(collection.size, 3);
      assert.equal(text(collection.get("c")), "123456789");
      collection.set("e", bytes("123456789"));
      assert.deepEqual(keysOf(collection), ["c", "d", "e"]);
      collection.set("f", bytes("1234567890"));
      assert.deepEqual(keysOf(collection), ["e", "f"]);
    });

    it("does not have what had expired, and has purged it", async () => {
      await using fixture = place();
      {
        await using store = await fixture.open({ now: () => 1_000 });
        const collection = store.collection("things", roomy);
        collection.set("a", bytes("1"), { expiresAt: 2_000 });
        collection.set("b", bytes("1"), { expiresAt: 3_000 });
      }
      {
        await using store = await fixture.open({ now: () => 2_000 });
        assert.equal(store.collection("things", roomy).size, 1);
      }
      await using store = await fixture.open({ now: () => 1_000 });
      assert.deepEqual(keysOf(store.collection("things", roomy)), ["b"]);
    });

    it("keeps the newest records when the bound has become smaller", async () => {
      await using fixture = place();
      {
        await using store = await fixture.open();
        for (const key of ["a", "b", "c", "d"]) store.collection("things", roomy).set(key, bytes(key));
      }
      {
        await using store = await fixture.open();
        assert.deepEqual(keysOf(store.collection("things", { maxEntries: 2, secret: false })), ["c", "d"]);
      }
      await using store = await fixture.open();
      assert.deepEqual(keysOf(store.collection("things", roomy)), ["c", "d"]);
    });

    it("brings back any key and any bytes, exactly", async () => {
      const key = fc.oneof(
        fc.string({ unit: "binary" }),
        fc.constantFrom("__proto__", "constructor", "\0", "-", "a,b"),
      );
      const value = fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.json().map((json) => new Uint8Array(bytes(json))),
        fc
          .constantFrom("", "null", '{"base64":"AAEC"}', "-0", '{"b":1,"a":2}', '{"2":1,"1":2}', "-")
          .map((content) => new Uint8Array(bytes(content))),
        fc.uint8Array({ minLength: 4_090, maxLength: 5_000 }),
      );
      const expiresAt = fc.option(fc.integer({ min: 1_001, max: 8.64e15 }), { nil: undefined });
      const records = fc.uniqueArray(fc.record({ key, value, expiresAt }), {
        maxLength: 60,
        selector: (record) => record.key,
      });
      await fc.assert(
        fc.asyncProperty(records, async (written) => {
          await using fixture = place();
          {
            await using store = await fixture.open({ now: () => 1_000 });
            const collection = store.collection("things", roomy);
            for (const record of written) collection.set(record.key, record.value, record);
          }
          await using store = await fixture.open({ now: () => 1_000 });
          const collection = store.collection("things", roomy);
          assert.equal(collection.size, written.length);
          for (const record of written) assert.deepEqual(collection.get(record.key), { ...record, writtenAt: 1_000 });
        }),
        { numRuns: 10, ...onDisk },
      );
    });

    it("has what a model of it has, whatever was done before", async () => {
      const key = fc.constantFrom("a", "b", "c", "d", "e", "f");
      const step = fc.oneof(
        { weight: 6, arbitrary: fc.record({ type: fc.constant("set" as const), key, value: fc.string() }) },
        { weight: 2, arbitrary: fc.record({ type: fc.constant("delete" as const), key }) },
        { weight: 1, arbitrary: fc.record({ type: fc.constant("clear" as const) }) },
        { weight: 2, arbitrary: fc.record({ type: fc.constant("take" as const), key }) },
        { weight: 2, arbitrary: fc.record({ type: fc.constant("flush" as const) }) },
        { weight: 2, arbitrary: fc.record({ type: fc.constant("reopen" as const) }) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
          await using fixture = place();
          const bounded = { maxEntries: 4, secret: false };
          const model = new Map<string, string>();
          let store: Store = await fixture.open();
          let collection: Collection = store.collection("things", bounded);
          const compare = (): void => {
            const found = [...collection.entries()].map((record) => [record.key, text(record)]);
            assert.deepEqual(found, [...model]);
          };
          try {
            for (const action of steps) {
              switch (action.type) {
                case "set": {
                  collection.set(action.key, bytes(action.value));
                  model.delete(action.key);
                  model.set(action.key, action.value);
                  const [oldest] = model.keys();
                  if (model.size > bounded.maxEntries && oldest !== undefined) model.delete(oldest);
                  break;
                }
                case "delete":
                  assert.equal(collection.delete(action.key), model.delete(action.key));
                  break;
                case "clear":
                  collection.clear();
                  model.clear();
                  break;
                case "take":
                  assert.equal(text(await collection.take(action.key)), model.get(action.key));
                  model.delete(action.key);
                  break;
                case "flush":
                  await store.flush();
                  break;
                case "reopen":
                  await store.close();
                  store = await fixture.open();
                  collection = store.collection("things", bounded);
                  break;
              }
              compare();
            }
          } finally {
            await store.close();
          }
          store = await fixture.open();
          collection = store.collection("things", bounded);
          compare();
          await store.close();
        }),
        { numRuns: 20, ...onDisk },
      );
    });
  });

  describe("a store that is open twice", () => {
    it("keeps what both have written", async () => {
      await using fixture = place();
      {
        await using one = await fixture.open();
        await using two = await fixture.open();
        const first = one.collection("things", roomy);
        const second = two.collection("things", roomy);
        for (let round = 0; round < 10; round++) {
          first.set(`one-${String(round)}`, bytes("1"));
          second.set(`two-${String(round)}`, bytes("2"));
          await Promise.all([one.flush(), two.flush()]);
        }
      }
      await using store = await fixture.open();
      assert.equal(store.collection("things", roomy).size, 20);
    });

    it("does not drop, to keep within the bound, what the other has written anew", async () => {
      await using fixture = place();
      const bounded = { maxEntries: 2, secret: false };
      {
        await using one = await fixture.open();
        const first = one.collection("things", bounded);
        first.set("a", bytes("old"));
        first.set("b", bytes("old"));
        await one.flush();
        await using two = await fixture.open();
        two.collection("things", bounded).set("a", bytes("new"));
        await two.flush();
        // Drops "a", which for this one is the oldest.
        first.set("c", bytes("new"));
      }
      await using store = await fixture.open();
      assert.deepEqual(keysOf(store.collection("things", bounded)), ["a", "c"]);
    });

    it("deletes what the other has written since", async () => {
      await using fixture = place();
      {
        await using one = await fixture.open();
        await using two = await fixture.open();
        const first = one.collection("things", roomy);
        two.collection("things", roomy).set("a", bytes("1"));
        await two.flush();
        first.delete("a");
      }
      await using store = await fixture.open();
      assert.equal(store.collection("things", roomy).get("a"), undefined);
    });

    it("hands a record to one taker only", async () => {
      await using fixture = place();
      {
        await using store = await fixture.open();
        for (let index = 0; index < 20; index++) store.collection("things", roomy).set(String(index), bytes("1"));
      }
      await using one = await fixture.open();
      await using two = await fixture.open();
      const first = one.collection("things", roomy);
      const second = two.collection("things", roomy);
      for (let index = 0; index < 20; index++) {
        const key = String(index);
        const taken = await Promise.all([first.take(key), second.take(key)]);
        assert.ok(taken.filter((record) => record !== undefined).length <= 1, key);
        // A store that is busy, also with writing behind what was taken before, hands it to nobody; it is there later.
        await Promise.all([one.flush(), two.flush()]);
        const later = [await first.take(key), await second.take(key)];
        assert.equal([...taken, ...later].filter((record) => record !== undefined).length, 1, key);
      }
    });
  });
}
