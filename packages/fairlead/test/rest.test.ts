import { serve } from "@fairlead/server";
import { get } from "fairlead/rest";
import assert from "node:assert/strict";
import { test } from "node:test";

test("one line gets JSON", async () => {
  await using running = await serve({ fetch: () => Response.json({ hello: "world" }), host: "127.0.0.1" });
  assert.deepEqual(await get(running.url ?? "").json(), { hello: "world" });
});
