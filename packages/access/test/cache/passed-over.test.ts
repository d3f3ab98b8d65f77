import { openNetworkAccessManager, type NetworkAccessManager, type RequestOptions } from "@fairlead/access";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cacheOrigin } from "./cache-origin.ts";

const get = async (manager: NetworkAccessManager, url: string, options?: RequestOptions): Promise<string> =>
  (await manager.request(url, options)).text();

describe("a resource that had nothing to keep", () => {
  for (const useless of [{}, { "cache-control": "no-store" }, { "cache-control": "No-Store" }]) {
    test(`(${JSON.stringify(useless)}) is passed over until its fields say otherwise, and is kept from then on`, async () => {
      await using origin = await cacheOrigin((_request, response, count) => {
        response.writeHead(200, count < 3 ? useless : { "cache-control": "max-age=60" }).end(String(count));
      });
      await using manager = await openNetworkAccessManager();
      const bodies: string[] = [];
      for (let n = 0; n < 6; n += 1) bodies.push(await get(manager, origin.url));
      assert.deepEqual(bodies, ["1", "2", "3", "4", "4", "4"]);
    });
  }

  test("is not passed over while something of it is kept", async () => {
    await using origin = await cacheOrigin((request, response, count) => {
      const isKept = request.headers.accept === "text/plain";
      response.writeHead(200, { vary: "accept", ...(isKept && { "cache-control": "max-age=60" }) }).end(String(count));
    });
    await using manager = await openNetworkAccessManager();
    const plain = { headers: { accept: "text/plain" } };
    assert.equal(await get(manager, origin.url, plain), "1");
    assert.equal(await get(manager, origin.url, { headers: { accept: "text/html" } }), "2");
    assert.equal(await get(manager, origin.url, plain), "1");
  });

  test("is not asked for by a request that wants stored responses alone", async () => {
    await using origin = await cacheOrigin((_request, response) => response.end("x"));
    await using manager = await openNetworkAccessManager();
    await get(manager, origin.url);
    await get(manager, origin.url);
    const reply = await manager.request(origin.url, { headers: { "Cache-Control": "only-if-cached" } });
    assert.equal(reply.status, 504);
    await assert.rejects(manager.request(origin.url, { cache: "only-if-cached" }), { code: "CACHE_MISS" });
    assert.equal(origin.requests.length, 2);
  });
});
