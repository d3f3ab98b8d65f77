import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { skipWithoutRedis, startRedis, type RedisServer } from "@fairlead/conformance/peers";
import { openStore, type StoreWarning } from "@fairlead/store";

const roomy = { maxEntries: 1_000, secret: true };
const key = randomBytes(32);

describe("a store in Redis that one of many encrypts", { skip: skipWithoutRedis() }, () => {
  let server: RedisServer;

  before(async () => {
    server = await startRedis();
  });
  after(() => server[Symbol.asyncDispose]());

  it("is encrypted whole, more than a process keeps of it included, and nobody writes plain text from then on", async () => {
    const url = `${server.url}?prefix=place&view=10`;
    const warnings: StoreWarning[] = [];
    const plain = await openStore(url, { onWarning: (warning) => warnings.push(warning) });
    const things = plain.collection("things", roomy);
    for (let index = 0; index < 50; index++) things.set(String(index), Buffer.from("plain text"));
    await plain.flush();
    await using sealed = await openStore(url, { key });
    things.set("late", Buffer.from("plain text"));
    await assert.rejects(plain.flush(), { code: "STORE_WRITE_FAILED" });
    await assert.rejects(plain.close(), { code: "STORE_WRITE_FAILED" });
    assert.deepEqual(
      warnings.map(({ type }) => type),
      ["key-lost"],
    );
    const found = await sealed.collection("things", roomy).find("3");
    assert.equal(Buffer.from(found?.value ?? []).toString(), "plain text");
    assert.equal((await server.command("HGETALL", "{place}:records:things")).includes("plain text"), false);
    assert.equal((await server.command("HLEN", "{place}:records:things")).trim(), "50");
  });
});
