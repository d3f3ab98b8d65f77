import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { skipWithoutRedis, startRedis, type RedisServer } from "@fairlead/conformance/peers";
import { FairleadError } from "@fairlead/core";
import { openStore } from "@fairlead/store";
import { listenForWarnings, listenTo } from "./listening.ts";

const roomy = { maxEntries: 10_000, secret: false };

describe("a store whose engine goes away", { skip: skipWithoutRedis() }, () => {
  let server: RedisServer;

  before(async () => {
    server = await startRedis({ durable: true });
  });
  after(() => server[Symbol.asyncDispose]());

  it("goes on with what is known, keeps what is written, and writes it at once when the engine is back", async () => {
    const warnings = listenForWarnings();
    const others = listenForWarnings();
    await using store = await openStore(`${server.url}?prefix=back`, { onWarning: warnings.onWarning });
    await using other = await openStore(`${server.url}?prefix=back`, { onWarning: others.onWarning });
    const things = store.collection("things", roomy);
    const theirs = other.collection("things", roomy);
    const listener = listenTo(theirs);
    things.set("before", Buffer.from("1"));
    await listener.hears("before=1");

    await server.kill();
    await Promise.all([warnings.next("engine-lost"), others.next("engine-lost")]);
    assert.equal(things.get("before")?.key, "before");
    assert.equal((await things.find("nothing"))?.key, undefined);
    things.set("during", Buffer.from("2"));
    for (let attempt = 0; attempt < 3; attempt++) {
      await assert.rejects(store.flush(), (error: unknown) => {
        assert.ok(error instanceof FairleadError && error.code === "STORE_WRITE_FAILED");
        assert.ok(error.cause instanceof FairleadError && error.cause.code === "STORE_UNREACHABLE");
        return true;
      });
    }
    assert.equal(things.get("during")?.key, "during");
    assert.equal(await things.take("before"), undefined, "nobody can tell whether another has it");
    assert.equal(things.get("before")?.key, "before");

    await server.start();
    await listener.hears("during=2");
    await Promise.all([warnings.next("engine-back"), others.next("engine-back")]);
    await store.flush();
    assert.equal((await things.take("before"))?.key, "before");
    assert.deepEqual(warnings.types, ["engine-lost", "engine-back"], "each once");
    assert.deepEqual(others.types, ["engine-lost", "engine-back"]);
  });

  it("catches up with what it has missed, deletions and clearing included", async () => {
    const warnings = listenForWarnings();
    const url = `${server.url}?prefix=missed`;
    await using store = await openStore(url, { onWarning: warnings.onWarning });
    const [things, cleared] = [store.collection("things", roomy), store.collection("cleared", roomy)];
    for (const key of ["a", "b", "c"]) things.set(key, Buffer.from("old"));
    cleared.set("a", Buffer.from("old"));
    await store.flush();
    const listener = listenTo(things);

    await server.command("CLIENT", "KILL", "TYPE", "pubsub");
    await warnings.next("engine-lost");
    {
      await using other = await openStore(url);
      other.collection("things", roomy).delete("a");
      other.collection("things", roomy).set("b", Buffer.from("new"));
      other.collection("things", roomy).set("d", Buffer.from("new"));
      other.collection("cleared", roomy).clear();
    }
    await warnings.next("engine-back");
    await listener.hears("d=new");
    assert.deepEqual(
      [...things.entries()].map(({ key, value }) => `${key}=${Buffer.from(value).toString()}`),
      ["c=old", "b=new", "d=new"],
    );
    assert.equal(cleared.size, 0);
    assert.deepEqual(listener.heard.toSorted(), ["a=", "b=new", "d=new"]);
  });

  it("knows what it knew when nothing has changed meanwhile, without reading it again", async () => {
    const warnings = listenForWarnings();
    await using store = await openStore(`${server.url}?prefix=same`, { onWarning: warnings.onWarning });
    const things = store.collection("things", roomy);
    things.set("a", Buffer.from("1"));
    await store.flush();
    const [record] = things.entries();
    await server.command("CONFIG", "RESETSTAT");
    await server.command("CLIENT", "KILL", "TYPE", "pubsub");
    await warnings.next("engine-back");
    assert.doesNotMatch(await server.command("INFO", "commandstats"), /cmdstat_zrevrangebyscore/);
    assert.equal(things.get("a"), record);
  });

  it("forgets with an engine that was emptied", async () => {
    const warnings = listenForWarnings();
    await using store = await openStore(`${server.url}/5?prefix=empty`, { onWarning: warnings.onWarning });
    const things = store.collection("things", roomy);
    things.set("a", Buffer.from("1"));
    await store.flush();
    const listener = listenTo(things);
    await server.command("-n", "5", "FLUSHDB");
    await server.command("CLIENT", "KILL", "TYPE", "pubsub");
    await warnings.next("engine-back");
    await listener.hears("a=");
    assert.equal(things.size, 0);
    things.set("b", Buffer.from("2"));
    await store.flush();
    await using other = await openStore(`${server.url}/5?prefix=empty`);
    assert.deepEqual(
      [...other.collection("things", roomy).entries()].map(({ key }) => key),
      ["b"],
    );
  });

  it("keeps as many changes as its bound says, and tells that older ones are lost", async () => {
    const warnings = listenForWarnings();
    const url = `${server.url}?prefix=queue`;
    const bounded = { maxEntries: 1, secret: false };
    {
      await using store = await openStore(url, { onWarning: warnings.onWarning });
      const things = store.collection("things", bounded);
      const others = store.collection("others", bounded);
      things.set("kept", Buffer.from("1"));
      await store.flush();
      await server.kill();
      await warnings.next("engine-lost");
      // Twice the bound and a thousand.
      for (let index = 0; index < 1_003; index++) others.delete(`key-${String(index)}`);
      await assert.rejects(store.flush(), { code: "STORE_WRITE_FAILED" });
      others.delete("one more");
      const warning = await warnings.next("write-failed");
      assert.match(warning.message, /oldest are lost/);
      await server.start();
      await warnings.next("engine-back");
      await assert.rejects(store.flush(), { code: "STORE_WRITE_FAILED", message: /2 changes were lost/ });
    }
    await using store = await openStore(url);
    assert.equal(store.collection("things", bounded).size, 1);
  });

  it("can be closed, and says what was not written", async () => {
    const warnings = listenForWarnings();
    const store = await openStore(`${server.url}?prefix=closed`, { onWarning: warnings.onWarning });
    store.collection("things", roomy).set("a", Buffer.from("1"));
    await server.stop();
    await warnings.next("engine-lost");
    await assert.rejects(store.close(), { code: "STORE_WRITE_FAILED" });
    await server.start();
  });
});
