import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { serve, type FetchHandler, type Plugin, type RunningServer } from "../../src/index.ts";
import { authentication, userOf } from "../../../../examples/plugins/authentication.ts";
import { caching } from "../../../../examples/plugins/caching.ts";
import { metrics } from "../../../../examples/plugins/metrics.ts";

const start = (plugins: readonly Plugin[], fetch: FetchHandler): Promise<RunningServer> =>
  serve({ plugins, fetch, host: "127.0.0.1" });

suite("the example of authentication", () => {
  const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString("base64")}`;

  test("lets those pass who show a secret, and tells the handler who it is", async () => {
    const guard = authentication({ realm: "a", tokens: { t0ken: "ada" }, passwords: { bob: "s3cret:x" } });
    await using server = await start([guard], (request) => new Response(userOf(request)));
    for (const [authorization, user] of [
      ["Bearer t0ken", "ada"],
      ["bearer t0ken", "ada"],
      [basic("bob:s3cret:x"), "bob"],
    ] as const) {
      const response = await fetch(server.url ?? "", { headers: { authorization } });
      assert.equal(await response.text(), user);
    }
    for (const authorization of [
      "",
      "Bearer t0ke",
      "Bearer t0ken2",
      "Basic t0ken",
      basic("bob:s3cret"),
      basic("t0ken"),
    ]) {
      const response = await fetch(server.url ?? "", { headers: { authorization } });
      assert.equal(response.status, 401, authorization);
      assert.match(response.headers.get("www-authenticate") ?? "", /^Bearer realm="a", Basic realm="a"/);
      await response.text();
    }
  });
});

suite("the example of caching", () => {
  test("answers again what may be answered again, by Vary, until it is stale or made invalid", async () => {
    let now = Date.parse("2026-01-01T00:00:00Z");
    let asked = 0;
    await using server = await start([caching({ now: () => now })], ({ method, headers }) => {
      asked += 1;
      if (method === "POST") return new Response("changed");
      const date = new Date(now).toUTCString();
      return new Response(`${headers.get("accept-language") ?? ""} ${asked}`, {
        headers: { "cache-control": "max-age=60", vary: "accept-language", date },
      });
    });
    const get = async (language: string): Promise<string> =>
      (await fetch(server.url ?? "", { headers: { "accept-language": language } })).text();
    assert.deepEqual(
      [await get("de"), await get("de"), await get("en"), await get("de")],
      ["de 1", "de 1", "en 2", "de 1"],
    );
    now += 30_000;
    assert.equal((await fetch(server.url ?? "", { headers: { "accept-language": "de" } })).headers.get("age"), "30");
    now += 31_000;
    assert.equal(await get("de"), "de 3");
    await fetch(server.url ?? "", { method: "POST", body: "x" });
    assert.equal(await get("de"), "de 5");
  });

  test("keeps nothing of one user for another, and no more than it may", async () => {
    let asked = 0;
    await using server = await start([caching({ bytes: 4_096, entryBytes: 2_000 })], ({ url }) => {
      asked += 1;
      const size = Number(new URL(url).pathname.slice(1));
      return new Response(new Blob(["x".repeat(size)]).stream(), { headers: { "cache-control": "max-age=60" } });
    });
    const get = async (path: string, headers = {}): Promise<number> => {
      await (await fetch(`${server.url ?? ""}${path}`, { headers })).text();
      return asked;
    };
    assert.deepEqual(
      [await get("/1", { authorization: "Bearer a" }), await get("/1", { authorization: "Bearer b" })],
      [1, 2],
    );
    assert.deepEqual([await get("/1999"), await get("/1999")], [3, 3]);
    assert.deepEqual([await get("/2001"), await get("/2001")], [4, 5], "too large for one entry");
    assert.equal(await get("/1998"), 6);
    assert.equal(await get("/1999"), 7, "the oldest went");
  });
});

suite("the example of metrics", () => {
  test("counts answers by status", async () => {
    await using server = await start(
      [metrics()],
      ({ url }) => new Response(null, { status: url.endsWith("a") ? 404 : 204 }),
    );
    for (const path of ["/a", "/a", "/b"]) await fetch(`${server.url ?? ""}${path}`);
    const text = await (await fetch(`${server.url ?? ""}/metrics`)).text();
    assert.match(text, /^answers_total\{status="404"\} 2$/m);
    assert.match(text, /^answers_total\{status="204"\} 1$/m);
  });
});
