import {
  openNetworkAccessManager,
  transactionOf,
  type NetworkAccessManager,
  type RequestOptions,
} from "@fairlead/access";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cacheOrigin, counting, movableClock, type CacheOrigin } from "./cache-origin.ts";

const fresh = { "cache-control": "max-age=60" };

const get = async (manager: NetworkAccessManager, url: string, options?: RequestOptions): Promise<string> =>
  (await manager.request(url, options)).text();

describe("a stored response answers", () => {
  test("while it is fresh, and the transaction tells its age", async () => {
    const clock = movableClock();
    await using origin = await cacheOrigin(counting(fresh));
    await using manager = await openNetworkAccessManager({ now: clock.now });
    assert.equal(await get(manager, origin.url), "1");
    clock.advance(30);
    const reply = await manager.request(origin.url);
    assert.equal(await reply.text(), "1");
    assert.ok(Number(reply.headers["age"]) >= 30);
    const hop = reply.transaction.hops[0];
    assert.equal(hop?.reason, "cache");
    assert.equal(hop.cache?.use, "fresh");
    assert.ok(hop.cache.ageSeconds >= 30);
    assert.equal(hop.connection, undefined);
    assert.equal(hop.bodyBytes, 0);
    clock.advance(31);
    assert.equal(await get(manager, origin.url), "2");
  });

  test("to fetch, too", async () => {
    await using origin = await cacheOrigin(counting(fresh));
    await using manager = await openNetworkAccessManager();
    assert.equal(await (await manager.fetch(origin.url)).text(), "1");
    const response = await manager.fetch(origin.url);
    assert.equal(await response.text(), "1");
    assert.equal(response.headers.get("age"), "0");
    assert.equal(transactionOf(response)?.hops[0]?.reason, "cache");
  });

  test("not where the manager has no cache", async () => {
    await using origin = await cacheOrigin(counting(fresh));
    await using manager = await openNetworkAccessManager({ cache: false });
    assert.equal(await get(manager, origin.url), "1");
    assert.equal(await get(manager, origin.url), "2");
  });

  test("as it came, whatever the application did with the bytes and fields that it got", async () => {
    await using origin = await cacheOrigin(counting(fresh));
    await using manager = await openNetworkAccessManager();
    for (let times = 0; times < 3; times += 1) {
      const reply = await manager.request(origin.url);
      const bytes = await reply.bytes();
      assert.equal(Buffer.from(bytes).toString(), "1");
      assert.equal(reply.headers["cache-control"], "max-age=60");
      bytes.fill(0);
      Object.assign(reply.headers, { "cache-control": "no-store" });
    }
  });

  test("after its server confirmed it, with what was said anew", async () => {
    const clock = movableClock();
    await using origin = await cacheOrigin((request, response, count) => {
      const isKnown = request.headers["if-none-match"] === '"1"';
      response.writeHead(isKnown ? 304 : 200, { ...fresh, etag: '"1"', "x-count": String(count) });
      response.end(isKnown ? undefined : "body");
    });
    await using manager = await openNetworkAccessManager({ now: clock.now });
    assert.equal(await get(manager, origin.url), "body");
    for (const count of ["2", "3"]) {
      clock.advance(61);
      const reply = await manager.request(origin.url);
      assert.equal(reply.status, 200);
      assert.equal(reply.headers["x-count"], count);
      assert.equal(await reply.text(), "body");
      const hop = reply.transaction.hops[0];
      assert.equal(hop?.reason, "cache");
      assert.equal(hop.cache?.use, "validated");
      assert.notEqual(hop.connection, undefined);
      // What the 304 said of freshness is kept, too.
      assert.equal(await get(manager, origin.url), "body");
      assert.equal(origin.requests.length, Number(count));
    }
  });

  test("by the request's own condition, with 304", async () => {
    await using origin = await cacheOrigin(counting({ ...fresh, etag: '"1"' }));
    await using manager = await openNetworkAccessManager();
    await get(manager, origin.url);
    const reply = await manager.request(origin.url, { headers: { "If-None-Match": '"1"' } });
    assert.equal(reply.status, 304);
    assert.equal(await reply.text(), "");
    assert.equal(await get(manager, origin.url, { headers: { "If-None-Match": '"2"' } }), "1");
    assert.equal(origin.requests.length, 1);
  });

  test("a HEAD; a HEAD of its own teaches no content", async () => {
    await using origin = await cacheOrigin(counting({ ...fresh, "content-length": "1" }));
    await using manager = await openNetworkAccessManager();
    await (await manager.request(origin.url, { method: "HEAD" })).text();
    assert.equal(await get(manager, origin.url), "2");
    const reply = await manager.request(origin.url, { method: "HEAD" });
    assert.equal(reply.headers["content-length"], "1");
    assert.equal(await reply.text(), "");
    assert.equal(origin.requests.length, 2);
  });

  test("each variant for itself (RFC 9111 section 4.1)", async () => {
    await using origin = await cacheOrigin((request, response) => {
      response.writeHead(200, { ...fresh, vary: "Accept-Language" }).end(request.headers["accept-language"] ?? "none");
    });
    await using manager = await openNetworkAccessManager();
    for (const language of ["de", "fr", "de", "fr"]) {
      assert.equal(await get(manager, origin.url, { headers: { "Accept-Language": language } }), language);
    }
    assert.equal(await get(manager, origin.url), "none");
    assert.equal(origin.requests.length, 3);
  });

  test("until a method that changes things goes well (section 4.4)", async () => {
    await using origin = await cacheOrigin((request, response, count) => {
      const status = request.url === "/other" ? 500 : 200;
      response.writeHead(request.method === "POST" ? status : 200, { ...fresh, "content-location": "/" });
      response.end(String(count));
    });
    await using manager = await openNetworkAccessManager();
    assert.equal(await get(manager, `${origin.url}/`), "1");
    await get(manager, `${origin.url}/other`, { method: "POST", body: "x" });
    assert.equal(await get(manager, `${origin.url}/`), "1");
    await get(manager, `${origin.url}/changes`, { method: "POST", body: "x" });
    assert.equal(await get(manager, `${origin.url}/`), "4");
  });
});

describe("a mode of fetch says how", () => {
  const ask = async (
    manager: NetworkAccessManager,
    { url }: CacheOrigin,
    cache: NonNullable<RequestOptions["cache"]>,
  ): Promise<readonly string[]> => {
    const viaRequest = await get(manager, url, { cache });
    const viaFetch = await (await manager.fetch(url, { cache, mode: "same-origin" })).text();
    return [viaRequest, viaFetch];
  };

  test("no-store neither asks nor teaches it, and tells caches on the way", async () => {
    await using origin = await cacheOrigin(counting(fresh));
    await using manager = await openNetworkAccessManager();
    assert.deepEqual(await ask(manager, origin, "no-store"), ["1", "2"]);
    assert.equal(await get(manager, origin.url), "3");
    assert.equal(origin.requests[0]?.headers["cache-control"], "no-cache");
    assert.equal(origin.requests[0].headers.pragma, "no-cache");
  });

  test("reload does not ask it, and teaches it", async () => {
    await using origin = await cacheOrigin(counting(fresh));
    await using manager = await openNetworkAccessManager();
    await get(manager, origin.url);
    assert.deepEqual(await ask(manager, origin, "reload"), ["2", "3"]);
    assert.equal(await get(manager, origin.url), "3");
  });

  test("no-cache has it confirmed", async () => {
    await using origin = await cacheOrigin((request, response) => {
      const isKnown = request.headers["if-none-match"] !== undefined;
      response.writeHead(isKnown ? 304 : 200, { ...fresh, etag: '"1"' }).end(isKnown ? undefined : "body");
    });
    await using manager = await openNetworkAccessManager();
    await get(manager, origin.url);
    assert.deepEqual(await ask(manager, origin, "no-cache"), ["body", "body"]);
    assert.deepEqual(
      origin.requests.map(({ headers }) => headers["cache-control"]),
      [undefined, "max-age=0", "max-age=0"],
    );
  });

  test("force-cache takes what is stale", async () => {
    const clock = movableClock();
    await using origin = await cacheOrigin(counting(fresh));
    await using manager = await openNetworkAccessManager({ now: clock.now });
    await get(manager, origin.url);
    clock.advance(1_000);
    assert.deepEqual(await ask(manager, origin, "force-cache"), ["1", "1"]);
    assert.deepEqual(await ask(manager, origin, "default"), ["2", "2"]);
  });

  test("only-if-cached never asks the network", async () => {
    await using origin = await cacheOrigin(counting(fresh));
    await using manager = await openNetworkAccessManager();
    await assert.rejects(get(manager, origin.url, { cache: "only-if-cached" }), { code: "CACHE_MISS" });
    await assert.rejects(manager.fetch(origin.url, { cache: "only-if-cached", mode: "same-origin" }), {
      code: "CACHE_MISS",
    });
    assert.equal(origin.requests.length, 0);
    await get(manager, origin.url);
    assert.deepEqual(await ask(manager, origin, "only-if-cached"), ["1", "1"]);
  });

  test("the directive only-if-cached is answered with 504 (RFC 9111 section 5.2.1.7)", async () => {
    await using origin = await cacheOrigin(counting(fresh));
    await using manager = await openNetworkAccessManager();
    const reply = await manager.request(origin.url, { headers: { "Cache-Control": "only-if-cached" } });
    assert.equal(reply.status, 504);
    assert.equal(origin.requests.length, 0);
  });
});
