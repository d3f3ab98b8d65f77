import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { skipWithoutRedis, startRedis, type RedisServer } from "@fairlead/conformance/peers";
import { openStore } from "@fairlead/store";
import { listenForWarnings, listenTo } from "./listening.ts";
import { startProxy } from "./proxy.ts";

const tickets = { maxEntries: 100, secret: true };
const quick = { answerMilliseconds: 1_500 };

describe("a batch of which nobody knows whether it was written", { skip: skipWithoutRedis() }, () => {
  let server: RedisServer;

  before(async () => {
    server = await startRedis();
  });
  after(() => server[Symbol.asyncDispose]());

  it("is not written a second time when it was: a ticket that another took stays taken", async () => {
    await using proxy = await startProxy(server.port);
    const warnings = listenForWarnings();
    await using store = await openStore(`${proxy.url}?prefix=written`, { onWarning: warnings.onWarning, redis: quick });
    await using other = await openStore(`${server.url}?prefix=written`);
    const mine = store.collection("tickets", tickets);
    const theirs = other.collection("tickets", tickets);
    const listener = listenTo(theirs);
    const own = listenTo(mine);
    // From here on the engine knows the script, and is not asked twice.
    mine.set("first", Buffer.from("1"));
    await store.flush();
    mine.set("ticket", Buffer.from("1"));
    mine.set("kept", Buffer.from("1"));
    proxy.dropAnswers();
    await assert.rejects(store.flush(), { code: "STORE_WRITE_FAILED" });
    await listener.hears("ticket=1");
    assert.equal(await mine.take("ticket"), undefined, "another may have it");
    assert.equal((await theirs.take("ticket"))?.key, "ticket");
    mine.set("later", Buffer.from("2"));
    proxy.reopen();
    await warnings.next("engine-back");
    await store.flush();
    await listener.hears("later=2");
    await using third = await openStore(`${server.url}?prefix=written`);
    assert.deepEqual(
      [...third.collection("tickets", tickets).entries()].map(({ key }) => key),
      ["first", "kept", "later"],
    );
    other.collection("tickets", tickets).set("end", Buffer.from("3"));
    await own.hears("end=3");
    assert.equal(await mine.take("ticket"), undefined);
  });

  it("is written when it was not, and what was on its way comes too late", async () => {
    await using proxy = await startProxy(server.port);
    const warnings = listenForWarnings();
    await using store = await openStore(`${proxy.url}?prefix=late`, { onWarning: warnings.onWarning, redis: quick });
    await using other = await openStore(`${server.url}?prefix=late`);
    const mine = store.collection("tickets", tickets);
    const theirs = other.collection("tickets", tickets);
    const listener = listenTo(theirs);
    mine.set("first", Buffer.from("1"));
    await store.flush();
    mine.set("ticket", Buffer.from("1"));
    const sendOn = proxy.holdRequests();
    await assert.rejects(store.flush(), { code: "STORE_WRITE_FAILED" });
    assert.equal(await mine.take("ticket"), undefined, "it may be on its way");
    proxy.reopen();
    await warnings.next("engine-back");
    await store.flush();
    await listener.hears("ticket=1");
    assert.equal((await theirs.take("ticket"))?.key, "ticket");
    await sendOn();
    await using third = await openStore(`${server.url}?prefix=late`);
    assert.deepEqual(
      [...third.collection("tickets", tickets).entries()].map(({ key }) => key),
      ["first"],
    );
  });
});
