import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { skipWithoutRedis, startRedis, type RedisServer } from "@fairlead/conformance/peers";
import { openStore, type Collection, type OpenStoreOptions, type Store } from "@fairlead/store";
import { listenForWarnings, listenTo } from "./listening.ts";

const roomy = { maxEntries: 10_000, secret: false };

describe("what one changes in a store in Redis", { skip: skipWithoutRedis() }, () => {
  let server: RedisServer;
  let places = 0;
  let url = "";

  before(async () => {
    server = await startRedis();
  });
  after(() => server[Symbol.asyncDispose]());

  async function two(options?: OpenStoreOptions): Promise<{
    readonly stores: readonly Store[];
    readonly mine: Collection;
    readonly theirs: Collection;
    [Symbol.asyncDispose](): Promise<void>;
  }> {
    url = `${server.url}?prefix=live-${String(places++)}`;
    const stores = [await openStore(url, options), await openStore(url, options)];
    const [mine, theirs] = stores.map((store) => store.collection("things", roomy));
    assert.ok(mine !== undefined && theirs !== undefined);
    return {
      stores,
      mine,
      theirs,
      [Symbol.asyncDispose]: async () => {
        for (const store of stores) await store.close();
      },
    };
  }

  it("is seen by all others: written, deleted, taken, cleared", async () => {
    await using open = await two();
    const { stores, mine, theirs } = open;
    const listener = listenTo(theirs);
    mine.set("a", Buffer.from("1"));
    await listener.hears("a=1");
    assert.equal(Buffer.from(theirs.get("a")?.value ?? []).toString(), "1");
    mine.delete("a");
    await listener.hears("a=");
    mine.set("b", Buffer.from("2"));
    await listener.hears("b=2");
    await stores[0]?.flush();
    assert.equal((await mine.take("b"))?.key, "b");
    await listener.hears("b=");
    mine.set("c", Buffer.from("3"));
    await listener.hears("c=3");
    mine.clear();
    await listener.hears("c=");
    assert.equal(theirs.size, 0);
    assert.deepEqual(listener.heard, ["a=1", "a=", "b=2", "b=", "c=3", "c="]);
  });

  it("is no news to itself", async () => {
    await using open = await two();
    const { stores, mine, theirs } = open;
    const own = listenTo(mine);
    const others = listenTo(theirs);
    mine.set("a", Buffer.from("1"));
    await stores[0]?.flush();
    assert.ok(await mine.take("a"));
    mine.set("b", Buffer.from("2"));
    mine.clear();
    mine.set("c", Buffer.from("3"));
    await others.hears("c=3");
    theirs.set("last", Buffer.from("4"));
    await own.hears("last=4");
    assert.deepEqual(own.heard, ["last=4"]);
  });

  it("is seen, cleared and written anew in one batch", async () => {
    await using open = await two();
    const { mine, theirs } = open;
    const listener = listenTo(theirs);
    mine.set("a", Buffer.from("1"));
    await listener.hears("a=1");
    mine.clear();
    mine.set("b", Buffer.from("2"));
    await listener.hears("b=2");
    assert.equal(theirs.get("a"), undefined);
    assert.equal(theirs.size, 1);
  });

  it("is dropped everywhere to keep within the bound", async () => {
    await using open = await two();
    const bounded = { maxEntries: 2, secret: false };
    const [mine, theirs] = open.stores.map((store) => store.collection("bounded", bounded));
    assert.ok(mine !== undefined && theirs !== undefined);
    const listener = listenTo(theirs);
    for (const key of ["a", "b", "c"]) mine.set(key, Buffer.from(key));
    await listener.hears("c=c");
    assert.deepEqual(
      [...theirs.entries()].map(({ key }) => key),
      ["b", "c"],
    );
  });

  it("is read anew where there is too much of it to tell", async () => {
    await using open = await two();
    const { mine, theirs } = open;
    const listener = listenTo(theirs);
    mine.set("old", Buffer.from("1"));
    await listener.hears("old=1");
    mine.delete("old");
    for (let index = 0; index < 3_000; index++) mine.set(`key-${String(index)}`, Buffer.alloc(1_000, "x"));
    await listener.hears(`key-2999=${"x".repeat(1_000)}`);
    assert.equal(theirs.size, 3_000);
    assert.equal(theirs.get("old"), undefined);
    assert.deepEqual(
      [...theirs.entries()].slice(0, 2).map(({ key }) => key),
      ["key-0", "key-1"],
    );
  });

  it("replaces nothing that the other is still to write, and the later one wins everywhere", async () => {
    await using open = await two();
    const { stores, mine, theirs } = open;
    const listeners = [listenTo(mine), listenTo(theirs)];
    for (let round = 0; round < 50; round++) {
      mine.set("a", Buffer.from(`mine ${String(round)}`));
      theirs.set("a", Buffer.from(`theirs ${String(round)}`));
      const order = round % 2 === 0 ? stores : stores.toReversed();
      await Promise.all(order.map((store) => store.flush()));
    }
    mine.set("end", Buffer.from("1"));
    theirs.set("end too", Buffer.from("1"));
    await listeners[0]?.hears("end too=1");
    await listeners[1]?.hears("end=1");
    await using third = await openStore(url);
    const found = third.collection("things", roomy).get("a");
    assert.deepEqual(mine.get("a")?.value, found?.value);
    assert.deepEqual(theirs.get("a")?.value, found?.value);
  });

  it("is passed over when it makes no sense, and told", async () => {
    const warnings = listenForWarnings();
    await using open = await two({ onWarning: warnings.onWarning });
    const { theirs, mine } = open;
    const listener = listenTo(theirs);
    mine.set("a", Buffer.from("1"));
    await listener.hears("a=1");
    const prefix = new URL(url).searchParams.get("prefix") ?? "";
    await server.command("PUBLISH", `{${prefix}}:changes:0`, "no message");
    await server.command(
      "PUBLISH",
      `{${prefix}}:changes:0`,
      "2:me4:me 716:90071992547409916:things7:changes1:11:a5:wrong",
    );
    const warning = await warnings.next("record-dropped");
    assert.equal(warning.collection, "things");
    assert.doesNotMatch(warning.message, /wrong/);
  });

  it("is told in its database only", async () => {
    const base = `${server.url}/DB?prefix=databases`;
    await using zero = await openStore(base.replace("DB", "0"));
    await using one = await openStore(base.replace("DB", "1"));
    await using another = await openStore(base.replace("DB", "1"));
    const [first, second, third] = [zero, one, another].map((store) => store.collection("things", roomy));
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const [listener, silent] = [listenTo(third), listenTo(first)];
    second.set("a", Buffer.from("1"));
    await listener.hears("a=1");
    await zero.flush();
    assert.deepEqual(silent.heard, []);
    assert.equal(first.size, 0);
  });

  it("is found behind when it is more than the view holds", async () => {
    url = `${server.url}?prefix=view`;
    {
      await using store = await openStore(url);
      const things = store.collection("things", roomy);
      for (let index = 0; index < 2_500; index++) things.set(`key-${String(index)}`, Buffer.from(String(index)));
    }
    await using store = await openStore(`${url}&view=1500`);
    const things = store.collection("things", roomy);
    assert.equal(things.size, 1_500);
    assert.equal(things.get("key-999"), undefined);
    assert.equal(Buffer.from((await things.find("key-999"))?.value ?? []).toString(), "999");
    assert.equal((await things.find("key-1000"))?.key, "key-1000");
    assert.equal(await things.find("key-2500"), undefined);
    assert.deepEqual([...things.entries()].map(({ key }) => key).slice(0, 2), ["key-1000", "key-1001"]);
  });

  it("is dropped with a warning when it was damaged behind", async () => {
    const warnings = listenForWarnings();
    url = `${server.url}?prefix=damage`;
    {
      await using store = await openStore(url);
      for (const key of ["a", "b"]) store.collection("things", roomy).set(key, Buffer.from(key));
    }
    await server.command("HSET", "{damage}:records:things", "a", "damaged");
    await using store = await openStore(url, { onWarning: warnings.onWarning });
    const things = store.collection("things", roomy);
    assert.equal(things.get("a"), undefined);
    assert.equal(things.get("b")?.key, "b");
    assert.deepEqual(warnings.types, ["record-dropped"]);
    await store.flush();
    assert.equal((await server.command("HEXISTS", "{damage}:records:things", "a")).trim(), "0");
  });
});
