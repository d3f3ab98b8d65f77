import { openNetworkAccessManager, type RequestOptions } from "@fairlead/access";
import { defineApi, events, json } from "@fairlead/rest";
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";

test("an operation that is answered with what has no end is not ended by a clock that nobody has set", async (context) => {
  const schema = z.object({ id: z.number() });
  const api = defineApi({
    title: "Live",
    version: "1",
    operations: {
      watch: { method: "GET", path: "/watch", responses: { 200: events(schema) } },
      read: { method: "GET", path: "/read", responses: { 200: json(schema) } },
    },
  });
  const asked: unknown[] = [];
  await using manager = await openNetworkAccessManager();
  context.mock.method(manager, "request", (_url: string, options: RequestOptions) => {
    asked.push(options.timeouts?.total ?? options.timeoutMilliseconds);
    return Promise.reject(new Error("asked"));
  });
  const client = api.client({ manager, base: "https://a.example/" });
  const limited = api.client({ manager, base: "https://a.example/", timeout: 5 });
  for (const call of [() => client.watch(), () => client.read(), () => limited.watch()]) {
    await assert.rejects(async () => call(), /asked/);
  }
  await assert.rejects(async () => client.watch({}, { timeout: 7 }), /asked/);
  assert.deepEqual(asked, [Number.POSITIVE_INFINITY, 60_000, 5, 7]);
});
