import { skipWithoutRedis, startRedis, type RedisServer } from "@fairlead/conformance/peers";
import { openStore } from "@fairlead/store";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createUser, type TestUser } from "./child.ts";
import { runHere } from "./in-process.ts";

describe("fairlead store in Redis", { skip: skipWithoutRedis() }, () => {
  let server: RedisServer;
  let user: TestUser;
  before(async () => {
    user = await createUser();
    server = await startRedis({ password: "TOPSECRET" });
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await user[Symbol.asyncDispose]();
  });

  test("a store is copied there, listed, exported and forgotten, and the password of its URL is not shown", async () => {
    const url = `redis://:TOPSECRET@127.0.0.1:${String(server.port)}`;
    const shown = `redis://127.0.0.1:${String(server.port)}`;
    const from = `file:${user.path("from/store.json")}`;
    {
      await using store = await openStore(from);
      const hosts = store.collection("hsts", { maxEntries: 10, secret: false });
      hosts.set("a.example", Buffer.from('{"includeSubDomains":true}'));
    }
    const run = async (...args: string[]): Promise<string> => {
      const { exitCode, stdout, stderr } = await runHere(["store", ...args], user);
      assert.deepEqual([exitCode, stderr], [0, ""]);
      assert.doesNotMatch(stdout, /TOPSECRET/);
      return stdout;
    };
    assert.match(await run("copy", from, url), new RegExp(`^Copied 1 record to ${shown}\\.$`, "m"));
    assert.match(await run("list", "--store", url), new RegExp(`^Store ${shown}\n\n[^]+^hsts +1 `, "m"));
    assert.match(await run("check", "--store", url), /^engine +answers$/m);
    assert.match(await run("export", "--store", url, "--format", "curl-hsts"), /^\.a\.example "unlimited"$/m);
    assert.match(await run("forget", "www.a.example", "--store", url), /^Forgot 1 record of a\.example\.$/m);
    assert.match(await run("list", "--store", url), /Nothing is remembered/);
  });

  test("an engine that is not there, and a password that is wrong, are one line with a remedy", async () => {
    for (const [url, code] of [
      [`redis://:WRONGSECRET@127.0.0.1:${String(server.port)}`, /^fairlead: .+\[STORE_\w+\]\n$/],
      ["redis://:WRONGSECRET@127.0.0.1:1", /^fairlead: .+\[STORE_UNREACHABLE\]\n$/],
      ["redis://:WRONG@SECRET@h:x", /^fairlead: .+\[STORE_URL_INVALID\]\n$/],
    ] as const) {
      const { exitCode, stdout, stderr } = await runHere(["store", "list", "--store", url], user);
      assert.equal(stdout, "");
      assert.ok(exitCode === 8 || exitCode === 2, String(exitCode));
      assert.match(stderr, code);
      assert.doesNotMatch(stderr, /SECRET/);
    }
  });
});
