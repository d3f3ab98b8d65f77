import {
  openNetworkAccessManager,
  type NetworkAccessManager,
  type NetworkAccessManagerOptions,
  type RequestOptions,
} from "@fairlead/access";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";
import { cacheOrigin, counting, movableClock } from "./cache-origin.ts";

const fresh = { "cache-control": "max-age=60" };
const fixture = networkFixture();

const get = async (manager: NetworkAccessManager, url: string, options?: RequestOptions): Promise<string> =>
  (await manager.request(url, options)).text();

describe("a stored response does not answer", () => {
  for (const [title, first, second] of [
    ["another user", { headers: { Authorization: "Basic YTph" } }, { headers: { Authorization: "Basic Yjpi" } }],
    ["nobody in place of a user", { headers: { Authorization: "Basic YTph" } }, {}],
    ["a user in place of nobody", {}, { headers: { Authorization: "Basic YTph" } }],
    ["a visitor with other cookies", { headers: { Cookie: "a=1" } }, { headers: { Cookie: "a=2" } }],
    ["another partition", { partition: "https://a.example" }, { partition: "https://b.example" }],
    ["the application in place of a partition", { partition: "https://a.example" }, {}],
  ] as const) {
    test(title, async () => {
      await using origin = await cacheOrigin(counting(fresh));
      await using manager = await openNetworkAccessManager();
      assert.equal(await get(manager, origin.url, first), "1");
      assert.equal(await get(manager, origin.url, first), "1");
      assert.equal(await get(manager, origin.url, second), "2");
      assert.equal(await get(manager, origin.url, first), "1");
    });
  }

  test("a visitor without cookies, though not the other way round", async () => {
    await using origin = await cacheOrigin(counting(fresh));
    await using manager = await openNetworkAccessManager();
    assert.equal(await get(manager, origin.url, { headers: { Cookie: "a=1" } }), "1");
    assert.equal(await get(manager, origin.url), "2");
    assert.equal(await get(manager, origin.url, { headers: { Cookie: "a=2" } }), "2");
  });

  test("another host of the same server, nor the other way round", async () => {
    await using origin = await cacheOrigin(counting(fresh));
    await using manager = await openNetworkAccessManager();
    const elsewhere = { headers: { Host: "elsewhere.example" } };
    assert.equal(await get(manager, origin.url, elsewhere), "1");
    assert.equal(await get(manager, origin.url), "2");
    assert.equal(await get(manager, origin.url, elsewhere), "3");
    assert.equal(await get(manager, origin.url), "2");
  });

  test("another manager", async () => {
    await using origin = await cacheOrigin(counting(fresh));
    await using one = await openNetworkAccessManager();
    await using other = await openNetworkAccessManager();
    assert.deepEqual([await get(one, origin.url), await get(other, origin.url)], ["1", "2"]);
  });

  test("who was asked to sign in, and nobody else who was not", async () => {
    await using origin = await cacheOrigin((request, response, count) => {
      if (request.headers.authorization === undefined) response.writeHead(401, { "www-authenticate": "Basic" }).end();
      else response.writeHead(200, fresh).end(String(count));
    });
    await using manager = await openNetworkAccessManager({
      onAuthenticate: () => ({ type: "password", username: "a", password: "a" }),
      authentication: { dangerous: { sendSecretsInTheClear: true } },
    });
    const mine = await get(manager, origin.url);
    assert.equal(await get(manager, origin.url), mine);
    const stranger = await manager.request(origin.url, { onAuthenticate: false });
    assert.equal(stranger.status, 401);
  });

  test("a visitor whose cookies have changed, where they select the response", async () => {
    await using origin = await cacheOrigin((request, response, count) => {
      if (request.url === "/login") response.writeHead(200, { "set-cookie": `user=${String(count)}; Path=/` }).end();
      else response.writeHead(200, { ...fresh, vary: "Cookie" }).end(request.headers.cookie ?? "nobody");
    });
    await using manager = await openNetworkAccessManager();
    const who = (): Promise<string> => get(manager, `${origin.url}/who`);
    assert.equal(await who(), "nobody");
    await get(manager, `${origin.url}/login`);
    assert.equal(await who(), "user=2");
    await get(manager, `${origin.url}/login`);
    assert.equal(await who(), "user=4");
    assert.equal(await who(), "user=4");
  });

  test("in a shared cache, what was for one", async () => {
    await using origin = await cacheOrigin((request, response, count) => {
      const said = new URL(request.url ?? "", "http://localhost").searchParams.get("say") ?? "";
      const cookie = said.includes("cookie") ? { "set-cookie": "a=1" } : {};
      response.writeHead(200, { ...cookie, "cache-control": `${said.replace("cookie", "")} max-age=60` });
      response.end(String(count));
    });
    await using manager = await openNetworkAccessManager({ cache: { mode: "shared" }, cookies: false });
    const twice = async (say: string, options?: RequestOptions): Promise<boolean> => {
      const url = `${origin.url}/?say=${say}`;
      return (await get(manager, url, options)) === (await get(manager, url));
    };
    assert.equal(await twice(""), true);
    assert.equal(await twice("private,"), false);
    assert.equal(await twice("cookie"), false);
    assert.equal(await twice("public,cookie"), true);
    assert.equal(await twice("", { headers: { Authorization: "Basic YTph" } }), false);
    assert.equal(await twice("public,", { headers: { Authorization: "Basic YTph" } }), true);
  });

  test("over a connection that was not verified: an exception, or any certificate", async () => {
    const { lookup, https, ca } = fixture.network;
    const url = `${https.origin}/redirect/301?to=/echo`;
    for (const [options, kept] of [
      [{ tls: { trust: { type: "anchors", certificates: [ca.certificate] } } }, 1],
      [{ onCertificateError: () => ({ type: "accept" }) }, 0],
      [{ onCertificateError: () => ({ type: "accept", remember: true }) }, 0],
      [{ tls: { dangerous: { acceptAnyCertificate: true } } }, 0],
    ] as const satisfies readonly (readonly [NetworkAccessManagerOptions, number])[]) {
      await using manager = await openNetworkAccessManager({ lookup, ...options });
      for (let times = 0; times < 2; times += 1) {
        const reply = await manager.request(url);
        await reply.text();
        assert.equal(reply.transaction.hops[0]?.reason, times === 1 && kept === 1 ? "cache" : "redirect");
      }
      assert.equal(manager.permanentRedirects().length, kept);
    }
  });

  test("what is found behind another Unix socket, or by a way of the request's own", async () => {
    await using origin = await cacheOrigin(counting(fresh));
    await using manager = await openNetworkAccessManager();
    assert.equal(await get(manager, origin.url), "1");
    assert.equal(await get(manager, origin.url, { proxy: "none" }), "2");
    await assert.rejects(get(manager, origin.url, { unix: "/nowhere/at/all" }));
  });
});

describe("what cannot be trusted to be whole is not kept", () => {
  test("a body that is cut", async () => {
    await using origin = await cacheOrigin((_request, response, count) => {
      response.writeHead(200, { ...fresh, "content-length": "10" });
      if (count === 1) response.write("12345", () => response.destroy());
      else response.end("1234567890");
    });
    await using manager = await openNetworkAccessManager();
    await assert.rejects(get(manager, origin.url));
    assert.equal(await get(manager, origin.url), "1234567890");
    assert.equal(await get(manager, origin.url), "1234567890");
    assert.equal(origin.requests.length, 2);
  });

  test("a body that ends with its connection", async () => {
    await using origin = await cacheOrigin((_request, response, count) => {
      response.shouldKeepAlive = false;
      response.useChunkedEncodingByDefault = false;
      response.writeHead(200, fresh);
      response.end(String(count));
    });
    await using manager = await openNetworkAccessManager();
    assert.deepEqual([await get(manager, origin.url), await get(manager, origin.url)], ["1", "2"]);
  });

  test("a part, which answers for nothing but itself", async () => {
    const whole = "0123456789";
    await using origin = await cacheOrigin((request, response) => {
      const [, first = "", last = ""] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
      if (first === "") {
        response.writeHead(200, { ...fresh, etag: '"1"', "content-length": "10" }).end(whole);
        return;
      }
      const range = `bytes ${first}-${last}/10`;
      response.writeHead(206, { ...fresh, etag: '"1"', "content-range": range });
      response.end(whole.slice(Number(first), Number(last) + 1));
    });
    await using manager = await openNetworkAccessManager();
    const part = async (range: string): Promise<string> => {
      const reply = await manager.request(origin.url, { headers: { Range: `bytes=${range}` } });
      return `${String(reply.status)} ${String(reply.headers["content-range"])} ${await reply.text()}`;
    };
    assert.equal(await part("0-3"), "206 bytes 0-3/10 0123");
    assert.equal(await part("1-2"), "206 bytes 1-2/10 12");
    assert.equal(origin.requests.length, 1);
    assert.equal(await part("4-6"), "206 bytes 4-6/10 456");
    assert.equal(await part("2-5"), "206 bytes 2-5/10 2345");
    assert.equal(origin.requests.length, 2);
    // The rest makes it whole: from then on it answers for everything.
    assert.equal(await part("7-9"), "206 bytes 7-9/10 789");
    const reply = await manager.request(origin.url);
    assert.equal(`${String(reply.status)} ${await reply.text()}`, `200 ${whole}`);
    assert.equal(await part("3-3"), "206 bytes 3-3/10 3");
    assert.equal(await part("99-100"), "416 bytes */10 ");
  });

  test("a part does not answer for the whole", async () => {
    await using origin = await cacheOrigin((request, response, count) => {
      const isPart = request.headers.range !== undefined;
      response.writeHead(isPart ? 206 : 200, {
        ...fresh,
        etag: '"1"',
        ...(isPart && { "content-range": "bytes 0-0/2" }),
      });
      response.end(isPart ? String(count) : "12");
    });
    await using manager = await openNetworkAccessManager();
    await get(manager, origin.url, { headers: { Range: "bytes=0-0" } });
    assert.equal(await get(manager, origin.url), "12");
  });

  test("ten thousand variants of one resource", async () => {
    await using origin = await cacheOrigin(counting({ ...fresh, vary: "X-Any" }));
    await using manager = await openNetworkAccessManager();
    for (let index = 0; index < 100; index += 1) {
      await get(manager, origin.url, { headers: { "X-Any": String(index) } });
    }
    assert.ok((manager.cache?.usage().entries ?? 0) <= 32);
  });

  test("a cookie: what is stored does not set it again", async () => {
    await using origin = await cacheOrigin((request, response, count) => {
      if (request.url === "/who") response.end(request.headers.cookie ?? "");
      else response.writeHead(200, { ...fresh, "set-cookie": `user=${String(count)}` }).end();
    });
    await using manager = await openNetworkAccessManager();
    const once = await manager.request(`${origin.url}/once`);
    assert.notEqual(once.headers["set-cookie"], undefined);
    await once.text();
    await get(manager, `${origin.url}/again`);
    const stored = await manager.request(`${origin.url}/once`);
    await stored.text();
    assert.equal(stored.transaction.hops[0]?.reason, "cache");
    assert.equal(stored.headers["set-cookie"], undefined);
    assert.equal(await get(manager, `${origin.url}/who`), "user=2");
  });
});

describe("stale responses (RFC 5861)", () => {
  test("answer while they are renewed behind, and once", async () => {
    const clock = movableClock();
    await using origin = await cacheOrigin(counting({ "cache-control": "max-age=10, stale-while-revalidate=60" }));
    await using manager = await openNetworkAccessManager({ now: clock.now });
    assert.equal(await get(manager, origin.url), "1");
    clock.advance(20);
    const replies = await Promise.all([1, 2, 3].map(() => manager.request(origin.url)));
    for (const reply of replies) assert.equal(await reply.text(), "1");
    assert.equal(replies[0]?.transaction.hops[0]?.cache?.use, "stale");
    await origin.asked(2);
    // Whoever comes later waits for it, or has it.
    for (let text = "1"; text !== "2"; text = await get(manager, origin.url)) await new Promise(setImmediate);
    assert.equal(origin.requests.length, 2);
  });

  test("are no longer renewed when the manager is closed", async () => {
    const clock = movableClock();
    await using origin = await cacheOrigin((request, response, count) => {
      if (count === 1) response.writeHead(200, { "cache-control": "max-age=10, stale-while-revalidate=60" }).end("1");
      else request.resume();
    });
    const manager = await openNetworkAccessManager({ now: clock.now });
    await get(manager, origin.url);
    clock.advance(20);
    assert.equal(await get(manager, origin.url), "1");
    await origin.asked(2);
    await manager.close();
  });

  for (const [title, fail] of [
    ["an error of the server", 503],
    ["no answer at all", undefined],
  ] as const) {
    test(`answer in place of ${title}, where that is allowed`, async () => {
      const clock = movableClock();
      await using origin = await cacheOrigin((request, response, count) => {
        const control = request.url === "/allowed" ? "max-age=10, stale-if-error=60" : "max-age=10, must-revalidate";
        if (count <= 2) response.writeHead(200, { "cache-control": control }).end("kept");
        else if (fail === undefined) response.destroy();
        else response.writeHead(fail).end("failed");
      });
      await using manager = await openNetworkAccessManager({ now: clock.now });
      await get(manager, `${origin.url}/allowed`);
      await get(manager, `${origin.url}/forbidden`);
      clock.advance(20);
      const reply = await manager.request(`${origin.url}/allowed`);
      assert.deepEqual([reply.status, await reply.text()], [200, "kept"]);
      assert.equal(reply.transaction.hops[0]?.cache?.use, "stale");
      const forbidden = get(manager, `${origin.url}/forbidden`);
      if (fail === undefined) await assert.rejects(forbidden);
      else assert.equal(await forbidden, "failed");
      clock.advance(1_000);
      assert.notEqual(await get(manager, `${origin.url}/allowed`).catch(() => "failed"), "kept");
    });
  }
});

describe("over restarts", () => {
  test("responses and permanent redirects stay, and are forgotten when that is asked", async () => {
    const directory = mkdtempSync(join(tmpdir(), "fairlead-cache-"));
    try {
      const store = `sqlite:${join(directory, "network.db")}`;
      await using origin = await cacheOrigin((request, response) => {
        if (request.url === "/old") response.writeHead(301, { location: "/new" }).end();
        else response.writeHead(200, { ...fresh, vary: "Accept" }).end(request.headers.accept ?? "any");
      });
      for (let times = 0; times < 2; times += 1) {
        await using manager = await openNetworkAccessManager({ store });
        const reply = await manager.request(`${origin.url}/old`);
        assert.equal(await reply.text(), "any");
        assert.deepEqual(
          reply.transaction.hops.map(({ reason }) => reason),
          times === 0 ? ["redirect", "network"] : ["cache", "cache"],
        );
        assert.deepEqual(
          manager.permanentRedirects().map(({ url, location }) => [url, location]),
          [[`${origin.url}/old`, "/new"]],
        );
      }
      assert.equal(origin.requests.length, 2);
      await using manager = await openNetworkAccessManager({ store });
      assert.equal(await get(manager, `${origin.url}/new`, { headers: { Accept: "b" } }), "b");
      manager.forgetPermanentRedirects(`${origin.url}/old`);
      assert.deepEqual(manager.permanentRedirects(), []);
      await get(manager, `${origin.url}/old`);
      assert.equal(origin.requests.length, 4);
      manager.cache?.clear();
      assert.deepEqual(manager.cache?.usage(), { entries: 0, bytes: 0 });
      assert.deepEqual(manager.permanentRedirects(), []);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("nothing that needed credentials is told again", async () => {
    const directory = mkdtempSync(join(tmpdir(), "fairlead-cache-"));
    try {
      const store = `sqlite:${join(directory, "network.db")}`;
      await using origin = await cacheOrigin(counting(fresh));
      const headers = { Authorization: "Basic YTph" };
      for (const expected of ["1", "2"]) {
        await using manager = await openNetworkAccessManager({ store });
        assert.equal(await get(manager, origin.url, { headers }), expected);
        assert.equal(await get(manager, origin.url, { headers }), expected);
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
