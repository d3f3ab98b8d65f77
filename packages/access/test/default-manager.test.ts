import { defaultManager } from "@fairlead/access";
import { startTestNetwork } from "@fairlead/testserver";
import assert from "node:assert/strict";
import { test } from "node:test";

test("the default manager is made once, and serves everybody", async () => {
  await using network = await startTestNetwork();
  const manager = await defaultManager();
  assert.equal(await defaultManager(), manager);
  assert.equal((await manager.fetch(`${network.http.origin}/status/204`)).status, 204);
  await manager.destroy();
});
