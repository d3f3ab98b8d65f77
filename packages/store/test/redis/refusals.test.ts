import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { skipWithoutRedis, startRedis } from "@fairlead/conformance/peers";
import { FairleadError } from "@fairlead/core";
import { openStore } from "@fairlead/store";
import { listenForWarnings, listenTo } from "./listening.ts";

const roomy = { maxEntries: 10_000, secret: false };

describe("an engine that refuses to write", { skip: skipWithoutRedis() }, () => {
  it("for want of memory: writes wait, all of a batch or nothing, and deleting makes room", async () => {
    await using server = await startRedis({ lines: ["maxmemory-policy noeviction"] });
    const warnings = listenForWarnings();
    await using store = await openStore(server.url, { onWarning: warnings.onWarning });
    const [things, small] = [store.collection("things", roomy), store.collection("small", roomy)];
    for (let index = 0; index < 100; index++) things.set(`key-${String(index)}`, randomBytes(10_000));
    await store.flush();
    await server.command("CONFIG", "SET", "maxmemory", "1");
    things.delete("key-0");
    small.set("a", Buffer.from("1"));
    await refuses(store.flush(), /^OOM /);
    assert.equal((await server.command("HEXISTS", "{fairlead}:records:things", "key-0")).trim(), "1");
    assert.deepEqual(warnings.types, ["write-failed"]);
    assert.equal(small.get("a")?.key, "a");
    // Forgetting must be possible on a full engine.
    await using other = await openStore(server.url);
    const listener = listenTo(things);
    other.collection("things", roomy).clear();
    await other.flush();
    await listener.hears("key-1=");
    await server.command("CONFIG", "SET", "maxmemory", "0");
    await store.flush();
    assert.equal((await server.command("HEXISTS", "{fairlead}:records:small", "a")).trim(), "1");
  });

  it("as a replica does, or without a disk: the store can be read, writes wait", async () => {
    await using master = await startRedis();
    {
      await using store = await openStore(master.url);
      store.collection("things", roomy).set("a", Buffer.from("1"));
    }
    await using replica = await startRedis({ lines: [`replicaof 127.0.0.1 ${String(master.port)}`] });
    while (!(await replica.command("INFO", "replication")).includes("master_link_status:up"));
    await using store = await openStore(replica.url, { onWarning: () => undefined });
    const things = store.collection("things", roomy);
    assert.equal(things.get("a")?.key, "a");
    things.set("b", Buffer.from("2"));
    await refuses(store.flush(), /^READONLY /);
    assert.equal(await things.take("a"), undefined);
    assert.equal(things.get("a")?.key, "a");
    const listener = listenTo(things);
    await using other = await openStore(master.url);
    other.collection("things", roomy).set("c", Buffer.from("3"));
    await listener.hears("c=3");
    await replica.command("REPLICAOF", "NO", "ONE");
    await store.flush();
  });

  it("knows its scripts no more: they are sent again", async () => {
    await using server = await startRedis();
    await using store = await openStore(server.url);
    const things = store.collection("things", roomy);
    for (const key of ["a", "b"]) {
      things.set(key, Buffer.from("1"));
      await store.flush();
      await server.command("SCRIPT", "FLUSH");
    }
    assert.equal((await things.take("a"))?.key, "a");
    assert.equal((await server.command("HLEN", "{fairlead}:records:things")).trim(), "1");
  });

  it("has something else under the store's names: nothing breaks, and what is written waits", async () => {
    await using server = await startRedis();
    await using store = await openStore(server.url, { onWarning: () => undefined });
    await server.command("SET", "{fairlead}:order:things", "something else");
    store.collection("things", roomy).set("a", Buffer.from("1"));
    await refuses(store.flush(), /WRONGTYPE/);
    await server.command("DEL", "{fairlead}:order:things");
    await store.flush();
    assert.equal((await server.command("ZCARD", "{fairlead}:order:things")).trim(), "1");
  });
});

describe("an engine that stands still", { skip: skipWithoutRedis() }, () => {
  it("is gone after a while, and back when it goes on", async () => {
    await using server = await startRedis();
    const warnings = listenForWarnings();
    await using store = await openStore(server.url, {
      onWarning: warnings.onWarning,
      redis: { answerMilliseconds: 1_000 },
    });
    const things = store.collection("things", roomy);
    things.set("a", Buffer.from("1"));
    await store.flush();
    server.pause();
    assert.equal(await things.take("a"), undefined, "within a quarter of a second");
    things.set("b", Buffer.from("2"));
    await assert.rejects(store.flush(), { code: "STORE_WRITE_FAILED" });
    await warnings.next("engine-lost");
    assert.equal(things.get("b")?.key, "b");
    server.resume();
    await warnings.next("engine-back");
    await store.flush();
    assert.equal((await server.command("HEXISTS", "{fairlead}:records:things", "b")).trim(), "1");
  });
});

async function refuses(flushing: Promise<void>, cause: RegExp): Promise<void> {
  await assert.rejects(flushing, (error: unknown) => {
    assert.ok(error instanceof FairleadError && error.code === "STORE_WRITE_FAILED", String(error));
    assert.ok(error.cause instanceof Error);
    assert.match(error.cause.message, cause);
    return true;
  });
}
