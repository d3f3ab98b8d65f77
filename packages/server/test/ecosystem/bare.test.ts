import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LeanResponse, type FetchHandler } from "../../src/index.ts";
import { startServer } from "../fetch/test-server.ts";

/** A router in the manner of those of a few lines: a list of patterns, and the request made richer on its way. */
function router(routes: readonly [string, string, (request: Request, found: Record<string, string>) => unknown][]) {
  return (async (request) => {
    const url = new URL(request.url);
    for (const [method, pathname, handler] of routes) {
      const found = new RegExp(`^${pathname.replaceAll(/:(\w+)/g, "(?<$1>[^/]+)")}$`).exec(url.pathname);
      if (found === null || request.method !== method) continue;
      const result = await handler(Object.assign(request, { query: url.searchParams }), found.groups ?? {});
      return result instanceof Response ? result : Response.json(result);
    }
    return new Response(null, { status: 404 });
  }) satisfies FetchHandler;
}

describe("a router of a few lines", () => {
  const routes = router([
    ["GET", "/hello/:name", (request, { name }) => ({ hello: name, query: String(Reflect.get(request, "query")) })],
    ["GET", "/lean", () => new LeanResponse("lean")],
    ["POST", "/echo", (request) => new Response(request.body)],
  ]);

  it("adds to requests, and tells responses of ours from other values", async () => {
    await using server = await startServer(routes);
    const hello = await fetch(`${server.origin}/hello/you?a=1`);
    assert.deepEqual(await hello.json(), { hello: "you", query: "a=1" });
    assert.equal(await (await fetch(`${server.origin}/lean`)).text(), "lean");
    assert.equal((await fetch(`${server.origin}/nowhere`)).status, 404);
  });

  it("answers with the content of the request as it comes", async () => {
    await using server = await startServer(routes);
    const sent = Buffer.alloc(1_000_000, "0123456789");
    const response = await fetch(`${server.origin}/echo`, { method: "POST", body: sent });
    assert.ok(Buffer.from(await response.arrayBuffer()).equals(sent));
  });
});
