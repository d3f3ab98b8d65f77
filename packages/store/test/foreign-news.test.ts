import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ForeignChange, StoreRecord } from "@fairlead/store";
import { RecordStore } from "../src/record-store.ts";
import type { CollectionNews, StoredRecord } from "../src/stored-record.ts";
import { GatedBackend } from "./gated-backend.ts";

const roomy = { maxEntries: 100, secret: false };

describe("what others have changed", () => {
  it("is what reads show, and is told to who listens", async () => {
    const { backend, store, things, changes } = opened();
    backend.tell("things", news({ a: "1", b: "2" }));
    assert.equal(text(things.get("a")), "1");
    assert.equal(things.get("a")?.writtenAt, 5);
    backend.tell("things", news({ a: undefined, b: "3", c: undefined }));
    assert.equal(things.get("a"), undefined);
    assert.equal(text(things.get("b")), "3");
    assert.deepEqual(changes, ["a=1", "b=2", "a=(gone)", "b=3"]);
    assert.deepEqual(backend.batches, [], "nothing of it is written again");
    backend.open();
    await store.close();
  });

  it("is all there is when the news are complete", async () => {
    const { backend, store, things, changes } = opened();
    backend.tell("things", news({ a: "1", b: "2" }));
    things.set("mine", Buffer.from("1"));
    changes.length = 0;
    backend.tell("things", { ...news({ b: "2" }), complete: true });
    assert.deepEqual(
      Array.from(things.entries(), ({ key }) => key),
      ["b", "mine"],
    );
    assert.deepEqual(changes, ["a=(gone)"]);
    backend.open();
    await store.close();
  });

  it("does not replace what is still to be written here", async () => {
    const { backend, store, things, changes } = opened();
    things.set("a", Buffer.from("mine"));
    things.delete("b");
    backend.tell("things", news({ a: "theirs", b: "theirs", c: "theirs" }));
    assert.equal(text(things.get("a")), "mine");
    assert.equal(things.get("b"), undefined);
    assert.equal(text(things.get("c")), "theirs");
    things.clear();
    backend.tell("things", news({ d: "theirs" }));
    assert.equal(things.size, 0, "it goes with the next batch");
    assert.deepEqual(changes, ["c=theirs"]);
    backend.open();
    await store.close();
  });

  it("waits while a batch is under way, which may be newer or older", async () => {
    const { backend, store, things } = opened();
    things.set("a", Buffer.from("mine"));
    const flushed = store.flush();
    backend.tell("things", news({ a: "theirs" }));
    assert.equal(text(things.get("a")), "mine");
    backend.pass();
    await flushed;
    assert.equal(text(things.get("a")), "theirs");
    backend.open();
    await store.close();
  });

  it("keeps within the bounds, without a word to the disk", async () => {
    const { backend, store, things } = opened(2);
    backend.tell("things", news({ a: "1", b: "1", c: "1" }));
    assert.deepEqual(
      Array.from(things.entries(), ({ key }) => key),
      ["b", "c"],
    );
    await store.close();
    assert.deepEqual(backend.batches, []);
  });

  it("is nothing that a listener could break", async () => {
    const { backend, store, things } = opened();
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    const changes: ForeignChange[] = [];
    things.onForeignChange(() => {
      throw new Error("a mistake");
    });
    const stop = things.onForeignChange((change) => changes.push(change));
    backend.tell("things", news({ a: "1" }));
    stop();
    backend.tell("things", news({ b: "1" }));
    assert.deepEqual(
      changes.map(({ key }) => key),
      ["a"],
    );
    assert.match((await warned).message, /a listener of things threw/);
    await store.close();
  });
});

function opened(maxEntries = 100): {
  readonly backend: GatedBackend;
  readonly store: RecordStore;
  readonly things: ReturnType<RecordStore["collection"]>;
  readonly changes: string[];
} {
  const backend = new GatedBackend();
  const store = new RecordStore("gated:", backend, {});
  const things = store.collection("things", { ...roomy, maxEntries });
  const changes: string[] = [];
  things.onForeignChange(({ key, record }) => changes.push(`${key}=${text(record) ?? "(gone)"}`));
  return { backend, store, things, changes };
}

function news(records: Readonly<Record<string, string | undefined>>): CollectionNews {
  const stored = (value: string | undefined): StoredRecord | undefined =>
    value === undefined ? undefined : { value: Buffer.from(value), expiresAt: undefined, writtenAt: 5 };
  const entries = Object.entries(records).map(([key, value]) => [key, stored(value)] as const);
  return { complete: false, records: new Map(entries) };
}

function text(record: StoreRecord | undefined): string | undefined {
  return record === undefined ? undefined : Buffer.from(record.value).toString();
}
