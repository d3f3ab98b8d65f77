import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { openNetworkAccessManager, type NetworkAccessManager } from "@fairlead/access";
import { restClient, StatusError, updateIfUnchanged, type RestClient } from "@fairlead/rest";
import { serve, type RunningServer } from "@fairlead/server";

describe("content codings of a REST client", () => {
  let manager: NetworkAccessManager;
  let running: RunningServer;
  let client: RestClient;
  let asked: (string | null)[] = [];

  before(async () => {
    manager = await openNetworkAccessManager();
    running = await serve({
      port: 0,
      fetch: (request) => {
        const accepted = request.headers.get("accept-encoding");
        asked.push(accepted);
        if (request.method === "PUT") return new Response(null, { status: 204 });
        const isCoded = accepted?.includes("gzip") ?? false;
        const status = request.url.endsWith("/missing") ? 404 : 200;
        const problem = { type: "about:blank", title: "none" };
        const text = Buffer.from(JSON.stringify(status === 404 ? problem : { a: "x".repeat(1000) }));
        const headers = {
          "content-type": status === 404 ? "application/problem+json" : "application/json",
          etag: '"1"',
        };
        return isCoded
          ? new Response(gzipSync(text), { status, headers: { ...headers, "content-encoding": "gzip" } })
          : new Response(text, { status, headers });
      },
    });
    client = restClient({ base: running.url ?? "", manager, cache: "no-store" });
  });

  after(async () => {
    await manager.close();
    await running.server.close();
  });

  it("are taken for what is read whole, and undone", async () => {
    asked = [];
    assert.deepEqual(await client.get("x").json(), { a: "x".repeat(1000) });
    assert.deepEqual(asked, ["gzip, deflate"]);
    await assert.rejects(client.get("missing"), (error) => {
      assert.ok(error instanceof StatusError);
      assert.equal(error.problem?.title, "none");
      return true;
    });
  });

  it("are not asked for where progress is told, parts are wanted, or content is read as it comes", async () => {
    asked = [];
    const totals: (number | undefined)[] = [];
    await client.get("x", { onDownloadProgress: ({ total }) => totals.push(total) }).json();
    assert.ok(totals.every((total) => total === 1008));
    await client.get("x", { headers: { Range: "bytes=0-9" } }).bytes();
    for await (const chunk of await client.get("x").stream()) assert.ok(chunk.length > 0);
    assert.deepEqual(asked, [null, null, null]);
  });

  it("are the caller's to choose", async () => {
    asked = [];
    await client.get("x", { headers: { "Accept-Encoding": "br" } }).bytes();
    assert.deepEqual(asked, ["br"]);
  });

  it("are not those of what is updated: its tag might be weak", async () => {
    asked = [];
    await updateIfUnchanged(client, "x", () => ({ a: "y" }));
    assert.equal(asked[0], "identity");
  });
});
