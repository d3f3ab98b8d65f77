import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { type } from "arktype";
import { Hono } from "hono";
import { mount } from "hono/mount";
import * as v from "valibot";
import { z } from "zod";
import { composePlugins, type RequestContext } from "@fairlead/server";
import { events, ndjson, type ApiDefinition } from "../../src/contract/index.ts";
import { apiServer, Problem } from "../../src/server/index.ts";
import { startService, type Service } from "../client/service.ts";

const user = z.object({ id: z.number(), name: z.string() });
const users = {
  title: "Users",
  version: "1.2.3",
  operations: {
    get: { method: "GET", path: "/users/{id}", params: z.object({ id: z.coerce.number() }), responses: { 200: user } },
    put: {
      method: "PUT",
      path: "/users/{id}",
      query: z.object({ dry: z.stringbool() }),
      body: user,
      responses: { 204: null },
    },
  },
} as const satisfies ApiDefinition;
const serveUsers = apiServer(
  users,
  {
    get: ({ params }) => {
      if (params.id === 0) throw new Problem(404, { detail: "no such user" });
      return { id: params.id, name: "Ada" };
    },
    put: () => undefined,
  },
  { prefix: "/v1" },
);

function startUsers(): Promise<Service> {
  return startService(serveUsers);
}

describe("a contract behind the server", () => {
  test("is asked by the manager", async () => {
    await using service = await startUsers();
    const { manager, origin } = service;
    const found = await manager.request(`${origin}/v1/users/7`);
    assert.deepEqual([found.status, await found.json()], [200, { id: 7, name: "Ada" }]);
    const missing = await manager.request(`${origin}/v1/users/0`);
    assert.deepEqual(await missing.json(), {
      type: "about:blank",
      title: "Not Found",
      status: 404,
      detail: "no such user",
    });
    const put = await manager.request(`${origin}/v1/users/7?dry=yes`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: '{"id":7,"name":"Grace"}',
    });
    assert.equal(put.status, 204);
  });

  test("answers HEAD by GET, OPTIONS with what there is, and refuses other methods and paths", async () => {
    await using service = await startUsers();
    const ask = async (method: string, path: string): Promise<readonly unknown[]> => {
      const { status, headers } = await service.manager.request(service.origin + path, { method });
      return [status, headers["allow"] ?? headers["content-type"]];
    };
    assert.deepEqual(await ask("HEAD", "/v1/users/7"), [200, "application/json"]);
    assert.deepEqual(await ask("OPTIONS", "/v1/users/7"), [204, "GET, PUT, HEAD, OPTIONS"]);
    assert.deepEqual(await ask("DELETE", "/v1/users/7"), [405, "GET, PUT, HEAD, OPTIONS"]);
    assert.deepEqual(await ask("GET", "/users/7"), [404, "application/problem+json"]);
    assert.deepEqual(await ask("GET", "/v1/users/7/"), [404, "application/problem+json"]);
    assert.deepEqual(await ask("GET", "/v1/users/%"), [400, "application/problem+json"]);
    assert.deepEqual(await ask("GET", "/v1/x/../users/7"), [200, "application/json"]);
  });

  test("shows its document, which a client need not get twice", async () => {
    await using service = await startUsers();
    const url = `${service.origin}/v1/openapi.json`;
    const first = await service.manager.request(url);
    const document = (await first.json()) as { openapi: string; info: object; servers: object; paths: object };
    assert.match(document.openapi, /^3\.1\./);
    assert.deepEqual(document.info, { title: "Users", version: "1.2.3" });
    assert.deepEqual(Object.keys(document.paths), ["/users/{id}"]);
    // Wherever it is mounted.
    assert.deepEqual(document.servers, [{ url: "." }]);
    const { etag } = first.headers;
    assert.ok(typeof etag === "string");
    const again = await service.manager.request(url, { headers: { "if-none-match": etag } });
    assert.deepEqual([again.status, await again.text()], [304, ""]);
    const page = await service.manager.request(`${service.origin}/v1/docs`);
    assert.equal(page.headers["content-type"], "text/html;charset=UTF-8");
    assert.match(String(page.headers["content-security-policy"]), /default-src 'none'/);
    assert.match(await page.text(), /content=".\/openapi.json"/);
    const hidden = apiServer(users, { get: () => ({ id: 1, name: "" }), put: () => undefined }, { document: false });
    await using other = await startService(hidden);
    assert.equal((await other.manager.request(`${other.origin}/openapi.json`)).status, 404);
  });

  test("reads content only once everything before it is good", async () => {
    await using service = await startUsers();
    const begin = async (target: string): Promise<string> => {
      const socket = connect(Number(new URL(service.origin).port), "127.0.0.1");
      const head = [
        `PUT ${target} HTTP/1.1`,
        "host: a",
        "expect: 100-continue",
        "content-type: application/json",
        "content-length: 23",
      ];
      socket.write(`${head.join("\r\n")}\r\n\r\n`);
      const [bytes] = (await once(socket, "data")) as [Buffer];
      socket.destroy();
      return bytes.toString("latin1").slice(0, 12);
    };
    assert.equal(await begin("/v1/users/7?dry=perhaps"), "HTTP/1.1 400");
    assert.equal(await begin("/v1/users/7?dry=yes"), "HTTP/1.1 100");
  });

  test("lets go of what a client no longer wants", async () => {
    const api = {
      title: "Ticks",
      version: "1",
      operations: {
        lines: { method: "GET", path: "/lines", responses: { 200: ndjson(z.number()) } },
        events: { method: "GET", path: "/events", responses: { 200: events(z.number()) } },
      },
    } as const satisfies ApiDefinition;
    const over = { lines: Promise.withResolvers<string>(), events: Promise.withResolvers<string>() };
    async function* ticks(name: "lines" | "events"): AsyncGenerator<number> {
      try {
        for (let count = 0; ; count += 1) yield await Promise.resolve(count);
      } finally {
        over[name].resolve(name);
      }
    }
    const handlers = {
      lines: () => ticks("lines"),
      events: async function* ticking(): AsyncGenerator<{ readonly data: number }> {
        for await (const data of ticks("events")) yield { data };
      },
    };
    await using service = await startService(apiServer(api, handlers));
    for (const name of ["lines", "events"] as const) {
      const socket = connect(Number(new URL(service.origin).port), "127.0.0.1");
      socket.write(`GET /${name} HTTP/1.1\r\nhost: a\r\n\r\n`);
      await once(socket, "data");
      socket.destroy();
      await over[name].promise;
    }
  });

  test("is a part of other applications, and behind plug-ins", async () => {
    const app = new Hono();
    app.all("/api/*", mount(serveUsers));
    const marked = composePlugins(
      [
        {
          name: "mark",
          response: (response) => {
            response.headers.set("x-marked", "yes");
            return response;
          },
        },
      ],
      (request, context) => app.fetch(request, context),
    );
    await using service = await startService(marked);
    const reply = await service.manager.request(`${service.origin}/api/v1/users/7`);
    assert.equal(reply.headers["x-marked"], "yes");
    assert.deepEqual(await reply.json(), { id: 7, name: "Ada" });
  });
});

describe("a contract by any library of schemas", () => {
  const bodies = {
    zod: z.object({ name: z.string(), age: z.number().min(1) }),
    valibot: v.object({ name: v.string(), age: v.pipe(v.number(), v.minValue(1)) }),
    arktype: type({ name: "string", age: "number >= 1" }),
  };
  for (const [library, body] of Object.entries(bodies)) {
    test(`${library} is asked, and never quotes what it was given`, async () => {
      const fetch = apiServer(
        {
          title: "People",
          version: "1",
          operations: { add: { method: "POST", path: "/people", body, responses: { 200: body } } },
        },
        { add: (call) => call.body },
        { document: false },
      );
      const post = async (value: unknown): Promise<Response> =>
        fetch(
          new Request("http://a.example/people", {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(value),
          }),
          {} as RequestContext,
        );
      assert.deepEqual(await (await post({ name: "Ada", age: 36 })).json(), { name: "Ada", age: 36 });
      const refused = await post({ name: ["hunter2"], age: "hunter2" });
      const problem = await refused.text();
      assert.equal(refused.status, 422);
      assert.match(problem, /"pointer":"#\/name".*"pointer":"#\/age"|"pointer":"#\/age".*"pointer":"#\/name"/);
      assert.doesNotMatch(problem, /hunter2/);
      assert.doesNotMatch(await (await post({ name: "Ada", age: -417 })).text(), /417/);
    });
  }
});
