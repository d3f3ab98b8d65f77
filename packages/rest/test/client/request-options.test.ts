import assert from "node:assert/strict";
import { test } from "node:test";
import { openNetworkAccessManager, type RequestOptions } from "@fairlead/access";
import { defineApi, restClient, type CallOptions, type RestClientOptions } from "@fairlead/rest";
import { z } from "zod";

const base = "https://a.example/";

/** What a client's options, or those of one call, are to the manager. */
const rows: readonly [option: keyof RestClientOptions & keyof CallOptions, value: unknown, asked: RequestOptions][] = [
  ["cache", "no-store", { cache: "no-store" }],
  ["cookies", false, { cookies: false }],
  ["partition", "https://top.example", { partition: "https://top.example" }],
  ["redirect", { type: "manual" }, { redirect: { type: "manual" } }],
  ["contentLimitBytes", 5, { bodyLimitBytes: 5 }],
  ["timeout", 7, { timeoutMilliseconds: 7 }],
  ["timeout", Number.POSITIVE_INFINITY, { timeouts: { total: Number.POSITIVE_INFINITY } }],
  ["retry", false, { retry: false }],
  ["retry", { attempts: 2 }, { retry: { attempts: 2 } }],
  ["headers", { "x-a": "1" }, { headers: { "x-a": "1" } }],
];

const api = defineApi({
  title: "A",
  version: "1",
  operations: { read: { method: "GET", path: "/x", responses: { 200: z.unknown() } } },
});

test("what all calls have in common, and what one says for itself, is what the manager is asked with", async (context) => {
  await using manager = await openNetworkAccessManager();
  let asked: RequestOptions = {};
  context.mock.method(manager, "request", (_url: string, options: RequestOptions) => {
    asked = options;
    return Promise.reject(new Error("asked"));
  });
  for (const [option, value, wanted] of rows) {
    const common = { base, manager, [option]: value };
    const asking: readonly [how: string, call: () => PromiseLike<unknown>][] = [
      ["client", () => restClient(common).get("x")],
      [
        "client with a change",
        () =>
          restClient({ base, manager })
            .with({ [option]: value })
            .get("x"),
      ],
      ["call", () => restClient({ base, manager }).get("x", { [option]: value })],
      ["client of a contract", () => api.client(common).read()],
    ];
    for (const [how, call] of asking) {
      asked = {};
      await assert.rejects(async () => call(), /asked/);
      assert.partialDeepStrictEqual(asked, wanted, `${option}, ${how}`);
    }
  }
});

test("what one call says counts before what all of them have in common", async (context) => {
  await using manager = await openNetworkAccessManager();
  let asked: RequestOptions = {};
  context.mock.method(manager, "request", (_url: string, options: RequestOptions) => {
    asked = options;
    return Promise.reject(new Error("asked"));
  });
  const client = restClient({ base, manager, cookies: false, timeout: 7, retry: false, headers: { "x-a": "1" } });
  const call = { cookies: true, timeout: 8, retry: {}, headers: { "X-A": "2" } };
  await assert.rejects(async () => client.get("x", call), /asked/);
  assert.partialDeepStrictEqual(asked, { cookies: true, timeoutMilliseconds: 8, retry: {}, headers: { "x-a": "2" } });
});
