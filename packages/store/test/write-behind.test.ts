import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn, setTimeout as timer } from "node:timers/promises";
import type { Collection, Store, StoreWarning } from "@fairlead/store";
import { RecordStore } from "../src/record-store.ts";
import { GatedBackend } from "./gated-backend.ts";

interface Gated {
  readonly backend: GatedBackend;
  readonly store: Store;
  readonly things: Collection;
  readonly warnings: StoreWarning[];
}

function gated(maxEntries = 100): Gated {
  const backend = new GatedBackend();
  const warnings: StoreWarning[] = [];
  const store = new RecordStore("gated:", backend, { onWarning: (warning) => warnings.push(warning) });
  return { backend, store, things: store.collection("things", { maxEntries, secret: false }), warnings };
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

describe("a disk that is slow", () => {
  it("delays neither reads nor writes nor timers", async () => {
    const { backend, store, things } = gated();
    things.set("a", bytes("1"));
    let settled = false;
    const flushed = store.flush().then(() => {
      settled = true;
    });
    assert.deepEqual(backend.batches, ["things a=1"]);
    things.set("a", bytes("2"));
    things.set("b", bytes("3"));
    assert.equal(Buffer.from(things.get("a")?.value ?? []).toString(), "2");
    assert.equal(things.delete("b"), true);
    await timer(1);
    await turn();
    assert.equal(settled, false);
    assert.deepEqual(backend.batches, ["things a=1"], "one batch at a time");
    backend.pass();
    await flushed;
    backend.open();
    await store.close();
    assert.deepEqual(backend.batches, ["things a=1", "things a=2 b=(delete)"]);
  });

  it("makes every flush wait for the writes before it, and not for later ones", async () => {
    const { backend, store, things } = gated();
    const settled: string[] = [];
    const flush = (name: string): Promise<unknown> => store.flush().then(() => settled.push(name));
    things.set("a", bytes("1"));
    const first = flush("first");
    things.set("b", bytes("1"));
    const second = [flush("second"), flush("second")];
    const arrival = backend.nextWrite();
    backend.pass();
    await first;
    await arrival;
    assert.deepEqual(settled, ["first"]);
    things.set("c", bytes("1"));
    backend.pass();
    await Promise.all(second);
    assert.deepEqual(settled, ["first", "second", "second"]);
    assert.deepEqual(backend.batches, ["things a=1", "things b=1"]);
    backend.open();
    await store.close();
  });

  it("hands nobody a record that is just being written", async () => {
    const { backend, store, things } = gated();
    things.set("a", bytes("1"));
    const flushed = store.flush();
    assert.equal(await things.take("a"), undefined);
    assert.ok(things.get("a"), "it is still there");
    backend.open();
    await flushed;
    await store.close();
  });
});

describe("writes that nobody flushes", () => {
  it("are written soon, the last one of each key, in order", async () => {
    const { backend, store, things } = gated();
    const arrival = backend.nextWrite();
    const others = store.collection("others", { maxEntries: 10, secret: false });
    things.set("a", bytes("1"));
    things.set("b", bytes("1"));
    others.set("x", bytes("1"));
    others.clear();
    others.set("y", bytes("1"));
    things.set("a", bytes("2"));
    things.delete("c");
    // The store's own timer does not keep the process alive.
    const alive = setInterval(() => undefined, 1_000);
    await arrival;
    clearInterval(alive);
    assert.deepEqual(backend.batches, ["things b=1 a=2 c=(delete); others (clear) y=1"]);
    backend.open();
    await store.close();
  });

  it("are written at once when there are many", async () => {
    const { backend, store, things } = gated(5_000);
    for (let index = 0; index < 1_000; index++) things.set(String(index), bytes("1"));
    assert.equal(backend.batches.length, 1);
    backend.open();
    await store.close();
  });
});

describe("a disk that cannot be written", () => {
  it("keeps the writes queued, warns, and takes them with a later flush", async () => {
    const { backend, store, things, warnings } = gated();
    const full = new Error("disk full");
    things.set("a", bytes("1"));
    things.set("b", bytes("1"));
    const flushed = store.flush();
    things.set("a", bytes("2"));
    backend.fail(full);
    await assert.rejects(flushed, { name: "StoreError", code: "STORE_WRITE_FAILED", cause: full });
    assert.deepEqual(
      warnings.map(({ type, cause }) => ({ type, cause })),
      [{ type: "write-failed", cause: full }],
    );
    backend.open();
    await store.flush();
    assert.deepEqual(backend.batches, ["things a=1 b=1", "things b=1 a=2"]);
    await store.close();
  });

  it("forgets under a clear what had not been written", async () => {
    const { backend, store, things } = gated();
    things.set("a", bytes("1"));
    const flushed = store.flush();
    things.clear();
    things.set("b", bytes("1"));
    backend.fail(new Error("disk full"));
    await assert.rejects(flushed, { code: "STORE_WRITE_FAILED" });
    backend.open();
    await store.close();
    assert.equal(backend.batches.at(-1), "things (clear) b=1");
  });

  it("does not fill the memory: the oldest changes are lost, with one warning, and the next flush says so", async () => {
    const { backend, store, things, warnings } = gated(1);
    things.set("first", bytes("1"));
    const failing = store.flush();
    for (let index = 0; index < 3_000; index++) things.delete(`gone-${String(index)}`);
    backend.fail(new Error("disk full"));
    await assert.rejects(failing, { code: "STORE_WRITE_FAILED" });
    assert.deepEqual(
      warnings.map(({ message }) => message),
      ["too many changes wait to be written; the oldest are lost", "the changes could not be written and stay queued"],
    );
    backend.open();
    await assert.rejects(store.flush(), { code: "STORE_WRITE_FAILED", message: /1999 changes were lost/ });
    assert.equal(backend.batches.at(-1)?.split(" ").length, 1 + 1_002);
    await store.flush();
    await store.close();
  });

  it("fails the close, which closes all the same", async () => {
    const { backend, store, things } = gated();
    things.set("a", bytes("1"));
    const closing = store.close();
    backend.fail(new Error("disk full"));
    await assert.rejects(closing, { code: "STORE_WRITE_FAILED" });
    assert.equal(backend.closed, true);
    await assert.rejects(store.close(), { code: "STORE_WRITE_FAILED" });
    await assert.rejects(store.flush(), { code: "STORE_CLOSED" });
  });

  it("is closed with a second try when the batch under way fails", async () => {
    const { backend, store, things } = gated();
    things.set("a", bytes("1"));
    const flushed = assert.rejects(store.flush(), { code: "STORE_WRITE_FAILED" });
    const arrival = backend.nextWrite();
    const closing = store.close();
    backend.fail(new Error("disk full"));
    await flushed;
    await arrival;
    backend.pass();
    await closing;
    assert.deepEqual(backend.batches, ["things a=1", "things a=1"]);
  });
});

describe("a warning", () => {
  it("that its receiver throws on does not disturb the store", async () => {
    const backend = new GatedBackend();
    const store = new RecordStore("gated:", backend, {
      onWarning: () => {
        throw new Error("receiver");
      },
    });
    const warned = new Promise((resolve) => process.once("warning", resolve));
    store.collection("things", { maxEntries: 1, secret: false }).set("a", bytes("1"));
    const flushed = store.flush();
    backend.fail(new Error("disk full"));
    await assert.rejects(flushed, { code: "STORE_WRITE_FAILED" });
    assert.match(String(await warned), /receiver/);
    backend.open();
    await store.close();
  });
});
