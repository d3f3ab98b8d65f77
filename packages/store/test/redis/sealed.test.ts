import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { skipWithoutRedis, startRedis, type RedisServer } from "@fairlead/conformance/peers";
import { openStore, type Collection } from "@fairlead/store";
import { listenTo } from "./listening.ts";

const secrets = { maxEntries: 10_000, secret: true };

describe("a store in Redis with a key", { skip: skipWithoutRedis() }, () => {
  let server: RedisServer;
  before(async () => {
    server = await startRedis();
  });
  after(() => server[Symbol.asyncDispose]());

  it("shows the engine neither names nor values, and everybody with the key what others change", async () => {
    const key = randomBytes(32);
    const url = `${server.url}/1`;
    {
      await using plain = await openStore(url);
      plain.collection("cookies", secrets).set("plain.example", Buffer.from("secret-plain"));
    }
    await using store = await openStore(url, { key });
    await using other = await openStore(url, { key });
    const mine = store.collection("cookies", secrets);
    const theirs = other.collection("cookies", secrets);
    const listener = listenTo(theirs);
    mine.set("site.example", Buffer.from("secret-value"));
    await listener.hears("site.example=secret-value");
    assert.equal(text(theirs, "plain.example"), "secret-plain");
    assert.equal((await theirs.take("site.example"))?.key, "site.example");
    const all = await dump(server, "1");
    assert.match(all, /records:cookies/);
    assert.doesNotMatch(all, /site\.example|plain\.example|secret/);
    assert.doesNotMatch(all, new RegExp(key.toString("base64url")));
  });

  it("is opened by nobody without the key, and not emptied by who has another", async () => {
    const key = randomBytes(32);
    const url = `${server.url}/2`;
    {
      await using store = await openStore(url, { key });
      store.collection("cookies", secrets).set("a", Buffer.from("1"));
    }
    await assert.rejects(openStore(url), { code: "STORE_KEY_REQUIRED" });
    await assert.rejects(openStore(url, { key: randomBytes(32) }), { code: "STORE_KEY_WRONG" });
    await using store = await openStore(url, { key });
    assert.equal(text(store.collection("cookies", secrets), "a"), "1");
  });

  it("is sealed with another key while it is open, and keeps all, more than the view holds as well", async () => {
    const [former, key] = [randomBytes(32), randomBytes(32)];
    const url = `${server.url}/3`;
    {
      await using store = await openStore(url, { key: former });
      const cookies = store.collection("cookies", secrets);
      for (let index = 0; index < 3_000; index++) cookies.set(`key-${String(index)}`, Buffer.from(String(index)));
      store.collection("others", secrets).set("a", Buffer.from("1"));
      await store.flush();
    }
    {
      await using store = await openStore(`${url}?view=1000`, { key: former });
      const cookies = store.collection("cookies", secrets);
      cookies.set("waiting", Buffer.from("2"));
      await store.rotateKey(key);
      assert.equal(text(cookies, "key-2999"), "2999");
      assert.equal(Buffer.from((await cookies.find("key-1"))?.value ?? []).toString(), "1");
      cookies.set("after", Buffer.from("3"));
      await store.flush();
    }
    await assert.rejects(openStore(url, { key: former }), { code: "STORE_KEY_WRONG" });
    await using store = await openStore(url, { key });
    const cookies = store.collection("cookies", secrets);
    assert.equal(cookies.size, 3_002);
    assert.equal(text(cookies, "key-0"), "0");
    assert.equal(text(cookies, "waiting"), "2");
    assert.equal(text(cookies, "after"), "3");
    assert.equal(text(store.collection("others", secrets), "a"), "1");
  });

  it("may be another machine's without TLS: nothing that is sent can be read", async () => {
    // Documentation addresses lead nowhere: RFC 5737.
    const redis = { answerMilliseconds: 100 };
    await assert.rejects(openStore("redis://192.0.2.1", { key: randomBytes(32), redis }), {
      code: "STORE_UNREACHABLE",
    });
    const dangerous = { unencryptedConnection: true };
    await assert.rejects(openStore("redis://192.0.2.1", { redis: { ...redis, dangerous } }), {
      code: "STORE_UNREACHABLE",
    });
  });
});

function text(collection: Collection, key: string): string {
  return Buffer.from(collection.get(key)?.value ?? []).toString();
}

/** Everything that a database holds, as redis-cli prints it. */
async function dump(server: RedisServer, database: string): Promise<string> {
  const keys = (await server.command("-n", database, "KEYS", "*")).split("\n").filter((key) => key !== "");
  const parts = await Promise.all(keys.map((key) => server.command("-n", database, "DUMP", key)));
  return [...keys, ...parts].join("\n");
}
