import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { getRequestIP, H3, HTTPError, readBody, setCookie } from "h3";
import { startServer, type TestServer } from "../fetch/test-server.ts";

describe("h3 2, unchanged", () => {
  let server: TestServer;

  before(async () => {
    const app = new H3();
    app.get("/hello/:name", (event) => ({ hello: event.context.params?.["name"], path: event.url.pathname }));
    app.post("/json", async (event) => ({ got: await readBody(event) }));
    // Deprecated for forms without a limit; the server's holds.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    app.post("/form", async (event) => Object.fromEntries(await event.req.formData()));
    app.get("/cookies", (event) => {
      setCookie(event, "a", "1");
      setCookie(event, "b", "2");
      return "set";
    });
    app.get("/stream", () => ReadableStream.from([Buffer.from("one "), Buffer.from("two")]));
    app.get("/response", () => new Response("own", { status: 202 }));
    app.get("/throws", () => {
      throw new HTTPError({ status: 418, message: "no coffee" });
    });
    app.get("/ip", (event) => getRequestIP(event) ?? "unknown");
    server = await startServer((request) => app.fetch(request));
  });

  after(() => server[Symbol.asyncDispose]());

  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(server.origin + path, init);

  it("routes, and answers what is no Response", async () => {
    assert.deepEqual(await (await get("/hello/you?a=1")).json(), { hello: "you", path: "/hello/you" });
    assert.equal((await get("/nowhere")).status, 404);
    const own = await get("/response");
    assert.deepEqual([own.status, await own.text()], [202, "own"]);
  });

  it("reads JSON and forms", async () => {
    const json = await get("/json", {
      method: "POST",
      body: '{"a":1}',
      headers: { "content-type": "application/json" },
    });
    assert.deepEqual(await json.json(), { got: { a: 1 } });
    const form = await get("/form", { method: "POST", body: new URLSearchParams({ a: "1" }) });
    assert.deepEqual(await form.json(), { a: "1" });
  });

  it("sets cookies one by one, and streams", async () => {
    assert.deepEqual((await get("/cookies")).headers.getSetCookie(), ["a=1; Path=/", "b=2; Path=/"]);
    assert.equal(await (await get("/stream")).text(), "one two");
  });

  it("handles its own errors", async () => {
    assert.equal((await get("/throws")).status, 418);
    assert.deepEqual(server.errors, []);
  });
});
