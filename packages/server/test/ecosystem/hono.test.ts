import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { etag } from "hono/etag";
import { HTTPException } from "hono/http-exception";
import { mount } from "hono/mount";
import { stream, streamSSE } from "hono/streaming";
import { setCookie } from "hono/cookie";
import { fromNodeHandler, type RequestContext } from "../../src/index.ts";
import { startServer, type TestServer } from "../fetch/test-server.ts";

describe("Hono, unchanged", () => {
  const left = Promise.withResolvers<undefined>();
  let server: TestServer;

  before(async () => {
    const app = new Hono<{ Bindings: RequestContext }>();
    app.use("/cors/*", cors());
    app.use("/etag/*", etag());
    app.use("/limited", bodyLimit({ maxSize: 10 }));
    app.get("/hello/:name", (c) => c.json({ hello: c.req.param("name"), agent: c.req.header("user-agent") }));
    app.get("/context", (c) => c.text(c.env.connection.remote?.address ?? "nobody"));
    app.get("/cors/a", (c) => c.text("a"));
    app.get("/etag/a", (c) => c.text("a"));
    app.post("/json", async (c) => c.json(await c.req.json()));
    app.post("/form", async (c) => c.json(await c.req.parseBody()));
    app.post("/limited", async (c) => c.text(await c.req.text()));
    app.post("/clone", async (c) => c.text((await c.req.raw.clone().text()) + (await c.req.text())));
    app.post("/again", async (c) => app.fetch(new Request(new URL("/json", c.req.url), c.req.raw), c.env));
    app.post("/copied", async (c) => {
      const copy = new Request(c.req.raw, { headers: { "x-one": "1" } });
      return c.json([copy.method, copy.url === c.req.url, copy.headers.get("x-one"), await copy.text()]);
    });
    app.get("/cookies", (c) => {
      setCookie(c, "a", "1");
      setCookie(c, "b", "2");
      return c.text("set");
    });
    app.get("/stream", (c) =>
      stream(c, async (out) => {
        for (const word of ["one ", "two ", "three"]) await out.write(word);
      }),
    );
    app.get("/events", (c) =>
      streamSSE(c, async (out) => {
        out.onAbort(() => {
          left.resolve(undefined);
        });
        await out.writeSSE({ data: "first", id: "1" });
        await left.promise;
      }),
    );
    const node = fromNodeHandler((request, response) => {
      response.end(`${String(request.method)} ${String(request.url)}`);
    });
    app.all("/node/*", mount(node));
    app.get("/throws", () => {
      throw new HTTPException(418, { message: "no coffee" });
    });
    app.onError((error, c) => (error instanceof HTTPException ? error.getResponse() : c.text("failed", 500)));
    server = await startServer(app.fetch, { bodyBytes: 100_000 });
  });

  after(() => server[Symbol.asyncDispose]());

  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(server.origin + path, init);
  const post = (path: string, body: RequestInit["body"]): Promise<Response> =>
    get(path, { method: "POST", ...(body !== undefined && { body }), duplex: "half" });

  it("routes and reads fields", async () => {
    const response = await get("/hello/you", { headers: { "user-agent": "test" } });
    assert.deepEqual(await response.json(), { hello: "you", agent: "test" });
    assert.equal((await get("/nowhere")).status, 404);
  });

  it("has the context of the request in c.env", async () => {
    assert.equal(await (await get("/context")).text(), "127.0.0.1");
  });

  it("answers HEAD as GET, without content", async () => {
    const response = await get("/hello/you", { method: "HEAD" });
    assert.deepEqual([response.status, await response.text()], [200, ""]);
  });

  it("reads JSON and forms of both kinds", async () => {
    assert.deepEqual(await (await post("/json", '{"a":1}')).json(), { a: 1 });
    assert.deepEqual(await (await post("/form", new URLSearchParams({ a: "1" }))).json(), { a: "1" });
    const form = new FormData();
    form.set("a", "1");
    assert.deepEqual(await (await post("/form", form)).json(), { a: "1" });
  });

  it("makes requests of requests: a clone, a copy, another URL", async () => {
    assert.equal(await (await post("/clone", "text")).text(), "texttext");
    assert.deepEqual(await (await post("/copied", "text")).json(), ["POST", true, "1", "text"]);
    assert.deepEqual(await (await post("/again", '{"a":1}')).json(), { a: 1 });
  });

  it("keeps its middleware working: CORS, entity tags, limits of content", async () => {
    assert.equal((await get("/cors/a")).headers.get("access-control-allow-origin"), "*");
    const tag = (await get("/etag/a")).headers.get("etag") ?? "";
    assert.equal((await get("/etag/a", { headers: { "if-none-match": tag } })).status, 304);
    assert.equal((await post("/limited", "0123456789a")).status, 413);
    assert.equal(await (await post("/limited", "0123456789")).text(), "0123456789");
  });

  it("answers more content than the server takes with 413, although it makes an error of that", async () => {
    const pieces = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(60_000));
      },
    });
    const response = await post("/limited", pieces).catch(() => undefined);
    // Its own limit may be seen first: both say 413. A client that writes still may not hear it.
    assert.ok(response === undefined || response.status === 413);
  });

  it("sets cookies one by one", async () => {
    assert.deepEqual((await get("/cookies")).headers.getSetCookie(), ["a=1; Path=/", "b=2; Path=/"]);
  });

  it("streams, although it names Transfer-Encoding itself", async () => {
    assert.equal(await (await get("/stream")).text(), "one two three");
  });

  it("hears that the client of a stream of events has left", async () => {
    const leaving = new AbortController();
    const response = await get("/events", { signal: leaving.signal });
    const reader = response.body?.getReader();
    const first: { value?: Uint8Array } | undefined = await reader?.read();
    assert.match(new TextDecoder().decode(first?.value), /data: first/);
    leaving.abort();
    await left.promise;
  });

  it("mounts a handler of Node's", async () => {
    assert.equal(await (await get("/node/a?b=c")).text(), "GET /a?b=c");
  });

  it("handles its own errors", async () => {
    const response = await get("/throws");
    assert.deepEqual([response.status, await response.text()], [418, "no coffee"]);
    assert.deepEqual(server.errors, []);
  });
});
