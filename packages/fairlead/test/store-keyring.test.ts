import { startSecretService } from "@fairlead/conformance/peers";
import { openStore } from "@fairlead/store";
import assert from "node:assert/strict";
import { test } from "node:test";
import { createUser } from "./child.ts";

test("a store whose key the keyring has is opened without being told, and not at all when the keyring is gone", async () => {
  await using service = await startSecretService();
  await using user = await createUser();
  const url = `file:${user.path("keyring/store.json")}`;
  {
    await using store = await openStore(url);
    const hosts = store.collection("hsts", { maxEntries: 10, secret: false });
    hosts.set("bank.example", Buffer.from('{"includeSubDomains":true}'));
  }
  const run = (...args: string[]): ReturnType<typeof user.run> =>
    user.run(["store", ...args, "--store", url], { env: service.environment });
  const sealed = await run("list", "--store-key", "keyring");
  assert.deepEqual([sealed.exitCode, sealed.stderr], [0, ""]);
  assert.match(sealed.stdout, /store\.json, encrypted$/m);
  assert.match((await run("show")).stdout, /bank\.example/);
  assert.match((await run("rotate-key")).stdout, /has a new key: 1 record encrypted anew\.$/m);
  assert.match((await run("show")).stdout, /bank\.example/);

  await service.stop();
  const gone = await run("show");
  assert.deepEqual([gone.exitCode, gone.stdout], [8, ""]);
  assert.match(gone.stderr, /^fairlead: .+\[STORE_KEY_UNAVAILABLE\]\n$/);
});
